#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "auth/account.hpp"
#include "auth/accounts.hpp"
#include "auth/refusal.hpp"
#include "auth/token_policy.hpp"
#include "crypto/cipher.hpp"
#include "crypto/key_ring.hpp"
#include "otp/ports.hpp"

namespace otpd::auth {

class token_signer;

struct token_pair {
  std::string access;
  std::string refresh;
  std::chrono::seconds access_lifetime{};
};

// What an access token says.
struct access_claims {
  std::string account;         // account::id
  std::string realm;           // of the account
  std::int64_t issued_s = 0;   // Unix time
  std::int64_t expires_s = 0;  // Unix time
};

// What every loop's tokens share. All outlive them.
struct token_parts {
  otp::store& store;
  const otp::clock& clock;
  const crypto::key_ring& ring;
  const token_signer& signer;                                // thread-safe
  const std::function<std::int64_t(otp::instant)>& unix_ms;  // a moment of the life clock on the wall
};

// Access and refresh tokens. A refresh token is derived from its family's row (table `sessions`) and its
// place in it, so nothing of it is stored. Each use case refuses with store_unavailable or overloaded; tokens
// are compared in constant time. One per event loop; views passed in live until the task ends.
class tokens {
 public:
  tokens(const token_parts& parts, accounts& people, otp::entropy& random);

  // The first pair of a new family.
  task<outcome<token_pair>> begin(account of, const token_policy& by);
  // An access token without a family.
  [[nodiscard]] std::string access_token(const account& of, const token_policy& by);
  // The next pair. The token before the newest one yields the same pair again within `grace`, as long as its
  // successor was not used; any older one kills the family. Refuses with invalid_token and account_disabled.
  task<outcome<token_pair>> refresh(std::string_view token, const token_policy& by);
  // Ends the family of a refresh token. One that is none of ours is no error (RFC 7009, 2.2).
  task<outcome<void>> revoke(std::string_view token, const token_policy& by);

  // Whether an access token is ours and in its time; the account may be gone. Refuses with invalid_token.
  [[nodiscard]] outcome<access_claims> read(std::string_view token, const token_policy& by) const;
  // The same, its family is alive, and its account exists and is enabled.
  task<outcome<account>> authenticate(std::string_view token, const token_policy& by);

 private:
  token_parts parts_;
  accounts& people_;
  otp::entropy& random_;
};

}  // namespace otpd::auth
