#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "auth/account.hpp"
#include "auth/accounts.hpp"
#include "auth/refusal.hpp"
#include "auth/token_family.hpp"
#include "auth/token_name.hpp"
#include "auth/token_policy.hpp"
#include "auth/token_signer.hpp"
#include "crypto/key_ring.hpp"
#include "otp/ports.hpp"

namespace otpd::auth {

struct token_pair {
  std::string access;
  std::string refresh;
  std::chrono::seconds access_lifetime{};
};

// Whom an access token speaks for, and what it says.
struct bearer {
  auth::account account;
  token_claims claims;
};

// What every loop's tokens share. All outlive them.
struct token_parts {
  otp::store& store;
  const otp::clock& clock;
  const token_signer& signer;
  const std::function<std::int64_t(otp::instant)>& unix_ms;  // a moment of the life clock on the wall
};

// Access and refresh tokens. A refresh token is made of its family's row and its place in it
// (token_family.hpp), so nothing of it is stored and the same one can be made again. Each use case refuses
// with store_unavailable or overloaded. One per event loop; views and policies passed in live until the task
// ends.
class tokens {
 public:
  tokens(const token_parts& parts, const crypto::key_ring& ring, accounts& people, otp::entropy& random);

  // The first pair of a new family.
  task<outcome<token_pair>> begin(account of, const token_policy& by);
  // An access token without a family: nothing but its time ends it, or its account's end.
  [[nodiscard]] std::string access_token(const account& of, const token_policy& by);
  // The next pair. The token before the newest one yields the same pair again within `grace`; any older one
  // kills the family. Refuses with invalid_token and account_disabled.
  task<outcome<token_pair>> refresh(std::string_view token, const token_policy& by);
  // Ends the family of a refresh token. One that is none of ours is no error (RFC 7009, 2.2).
  task<outcome<void>> revoke(std::string_view token, const token_policy& by);

  // Whether an access token is ours and in its time, its family alive, its account there and enabled. Refuses
  // with invalid_token and account_disabled.
  task<outcome<bearer>> authenticate(std::string_view token, const token_policy& by);

 private:
  [[nodiscard]] std::int64_t unix_s(otp::instant when) const { return parts_.unix_ms(when) / 1000; }
  [[nodiscard]] std::optional<token_name> name_in(std::string_view refresh_token, const token_policy& by);
  // The newest pair of a family.
  [[nodiscard]] token_pair pair_of(const token_name& refresh, const token_family& family,
                                   const token_policy& by);
  task<outcome<token_family>> read_family(token_name name, const token_policy& by);
  // The account of a token, if tokens that began then are still good there.
  task<outcome<account>> account_of(std::string id, otp::instant began);

  token_parts parts_;
  accounts& people_;
  otp::entropy& random_;
  token_names names_;
};

}  // namespace otpd::auth
