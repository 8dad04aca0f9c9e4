#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "auth/refusal.hpp"
#include "crypto/cipher.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/mac.hpp"
#include "otp/ports.hpp"

namespace otpd::auth {

// What a server-side session knows. Which members are used is up to who keeps it; each at most 255 bytes.
struct web_session {
  std::string purpose;        // of the verification
  std::string verification;   // id of the verification under way; empty: none
  std::string address;        // whom it is for, canonical
  std::string password_hash;  // takes effect once the address is proven; empty: none
  std::string account;        // id of the account that is logged in; empty: nobody is

  [[nodiscard]] bool operator==(const web_session&) const = default;
};

// Browsers' sessions, named by a token of 192 random bits. In the store (table `sessions`) stands under a MAC
// of the token `01 | AES-256-GCM(members)`, sealed under a key that the token is part of: the store alone
// opens nothing, and names no session. One per event loop; views passed in live until the task ends.
class web_sessions {
 public:
  static constexpr std::size_t token_length = 32;

  // All outlive it.
  web_sessions(otp::store& records, const otp::clock& time, const crypto::key_ring& ring,
               otp::entropy& random);

  // Stores a session under a fresh token of base64url, and returns that. The session named by `instead_of`
  // ends in the same step: a token that somebody else has planted leads nowhere (session fixation).
  task<outcome<std::string>> begin(web_session state, std::chrono::seconds lifetime,
                                   std::string_view instead_of = {});
  // Nothing: no such session, or it is over.
  task<outcome<std::optional<web_session>>> find(std::string_view token);
  task<outcome<void>> end(std::string_view token);

 private:
  [[nodiscard]] otp::record_key key_of(std::string_view token) const;
  [[nodiscard]] crypto::secret_key seal_key(std::string_view token) const;

  otp::store& store_;
  const otp::clock& clock_;
  otp::entropy& random_;
  crypto::mac_key mac_;
  crypto::sealer sealer_;
};

}  // namespace otpd::auth
