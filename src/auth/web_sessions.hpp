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

// What a server-side session knows. Which members are used is up to who keeps it.
struct web_session {
  std::string verification;   // id of the verification under way; empty: none
  std::string address;        // whom it is for, canonical
  std::string password_hash;  // takes effect once the address is proven; empty: none
  std::string account;        // id of the account that is logged in; empty: nobody is

  [[nodiscard]] bool operator==(const web_session&) const = default;
};

// Browsers' sessions, named by a token of 192 random bits of which the store knows only a MAC (table
// `sessions`). One per event loop.
class web_sessions {
 public:
  web_sessions(otp::store& records, const otp::clock& time, const crypto::key_ring& ring,
               otp::entropy& random);

  // Stores a session under a fresh token, 32 characters of base64url, and returns it. The session named by
  // `instead_of` ends in the same step: a token that somebody else has planted leads nowhere (session
  // fixation).
  task<outcome<std::string>> begin(web_session state, std::chrono::seconds lifetime,
                                   std::string_view instead_of = {});
  // Nothing: no such session, or it is over.
  task<outcome<std::optional<web_session>>> find(std::string_view token);
  task<outcome<void>> end(std::string_view token);

 private:
  otp::store& store_;
  const otp::clock& clock_;
  otp::entropy& random_;
};

}  // namespace otpd::auth
