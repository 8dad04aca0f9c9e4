#include "api/yields.hpp"

#include <algorithm>

#include "api/problem.hpp"

namespace otpd::api {

namespace {

std::string_view problem_code(auth::errc code) {
  switch (code) {
    case auth::errc::invalid_token:
      return "invalid_grant";
    case auth::errc::no_account:
      return "account_not_found";
    case auth::errc::account_disabled:
      return "account_disabled";
    case auth::errc::address_taken:
      return "address_taken";
    case auth::errc::blocked:
      return "rate_limited";
    case auth::errc::overloaded:
      return "overloaded";
    case auth::errc::store_unavailable:
      return "store_unavailable";
    case auth::errc::wrong_password:  // no call of ours takes one
      break;
  }
  return "internal_error";
}

}  // namespace

const otp::profile* yields::policy_of(const otp::check_view& what) const noexcept {
  if (!what.valid || !what.proven) return nullptr;
  const auto found = std::ranges::find(profiles_, what.verification.profile, &otp::profile::name);
  return found != profiles_.end() && found->yields != otp::yield::nothing ? &*found : nullptr;
}

bool yields::has_any(const otp::check_view& what) const noexcept {
  return policy_of(what) != nullptr;
}

task<auth::outcome<yielded>> yields::of(const otp::check_view& what) {
  yielded out;
  const otp::profile* policy = policy_of(what);
  if (policy == nullptr) co_return out;
  const auth::proof proven{policy->realm, *what.proven};
  auto account = co_await accounts_.prove(proven);
  if (account.has_error()) co_return account.error();
  out.account = account->id;
  if (policy->yields == otp::yield::tokens) {
    auto pair = co_await tokens_.begin(*std::move(account), policy_);
    if (pair.has_error()) co_return pair.error();
    out.tokens = *std::move(pair);
  }
  co_return out;
}

void write_tokens(json::writer& json, const auth::token_pair& pair) {
  json.text("access_token", pair.access);
  json.text("token_type", "Bearer");
  json.number("expires_in", pair.access_lifetime.count());
  json.text("refresh_token", pair.refresh);
}

void answer_refusal(const auth::refusal& why, net::response& out) {
  problem what{problem_code(why.code)};
  what.retry_after_s = (why.retry_after.count() + 999) / 1000;
  answer_problem(what, out);
}

}  // namespace otpd::api
