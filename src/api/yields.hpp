#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/accounts.hpp"
#include "auth/tokens.hpp"
#include "json/writer.hpp"
#include "net/message.hpp"
#include "otp/verifier.hpp"

namespace otpd::api {

// What an approval brings beside itself.
struct yielded {
  std::string account;  // account::id; empty: the profile yields nothing, or nothing was proven
  std::optional<auth::token_pair> tokens;
};

// What the profiles yield for an approval through the native API (profile::yields). All outlive it.
class yields {
 public:
  yields(const std::vector<otp::profile>& profiles, auth::accounts& accounts, auth::tokens& tokens,
         const auth::token_policy& policy)
      : profiles_(profiles), accounts_(accounts), tokens_(tokens), policy_(policy) {}

  // Whether there is anything: most approvals yield nothing.
  [[nodiscard]] bool has_any(const otp::check_view& what) const noexcept;
  // Of an approval; durable when it returns. Refuses as auth::accounts::prove() and auth::tokens::begin() do,
  // and the approval stands. `what` lives until the task ends.
  task<auth::outcome<yielded>> of(const otp::check_view& what);

 private:
  // The profile of an approval that yields something; else nothing.
  [[nodiscard]] const otp::profile* policy_of(const otp::check_view& what) const noexcept;

  const std::vector<otp::profile>& profiles_;
  auth::accounts& accounts_;
  auth::tokens& tokens_;
  const auth::token_policy& policy_;
};

// The members of a token answer (RFC 6749, 5.1).
void write_tokens(json::writer& json, const auth::token_pair& pair);
// The problem of a refused use case of accounts and tokens.
void answer_refusal(const auth::refusal& why, net::response& out);

}  // namespace otpd::api
