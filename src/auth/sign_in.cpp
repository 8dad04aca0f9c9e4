#include "auth/sign_in.hpp"

#include <chrono>

namespace otpd::auth {

namespace {

using namespace std::chrono_literals;

// Of passwords at one account, whoever tries: ten in an hour, and a hundred in a row for good (NIST
// 800-63B-4, 3.2.2).
const attempt_policy at_account{100, std::nullopt, otp::rate{10, 1h}};

}  // namespace

task<outcome<void>> sign_in::charge(const sign_in_bounds& by) {
  if (!by.client) co_return outcome<void>{};
  co_return co_await attempts_.charge(attempts_.of_client(by.scope, *by.client), by.of_client);
}

task<outcome<void>> sign_in::fail(const sign_in_bounds& by) {
  if (!by.client) co_return outcome<void>{};
  co_return co_await attempts_.fail(attempts_.of_client(by.scope, *by.client), by.of_client);
}

task<outcome<void>> sign_in::succeed(const sign_in_bounds& by) {
  if (!by.client) co_return outcome<void>{};
  co_return co_await attempts_.succeed(attempts_.of_client(by.scope, *by.client), by.of_client);
}

task<outcome<void>> sign_in::give_back(const sign_in_bounds& by) {
  if (!by.client) co_return outcome<void>{};
  co_return co_await attempts_.give_back(attempts_.of_client(by.scope, *by.client), by.of_client);
}

task<outcome<account>> sign_in::by_password(password_hasher::place place, std::string_view realm,
                                            otp::recipient who, std::string password) {
  auto found = co_await accounts_.find(realm, who);
  if (found.has_error()) co_return found.error();
  const otp::record_key tries = attempts_.of_address(password_scope(realm), who);
  const auto charged = co_await attempts_.charge(tries, at_account);
  if (charged.has_error()) co_return charged.error();
  const bool may = found->has_value() && !(*found)->disabled;
  std::string phc = may ? (*found)->password_hash : std::string();
  const auto verdict = co_await hasher_.verify(std::move(place), std::move(password), std::move(phc));
  if (verdict.has_error()) {
    static_cast<void>(co_await attempts_.give_back(tries, at_account));
    co_return verdict.error();
  }
  if (!verdict->is_right) {
    const auto counted = co_await attempts_.fail(tries, at_account);
    if (counted.has_error()) co_return counted.error();
    co_return refusal{errc::wrong_password};
  }
  const auto forgotten = co_await attempts_.succeed(tries, at_account);
  if (forgotten.has_error()) co_return forgotten.error();
  if (!verdict->renewed.empty()) {
    // The next sign-in tries again where this fails.
    static_cast<void>(co_await accounts_.renew_hash(realm, who, (*found)->password_hash, verdict->renewed));
  }
  co_return **std::move(found);
}

task<outcome<void>> sign_in::rebind(std::string_view realm, otp::recipient who) {
  co_return co_await attempts_.unlock(attempts_.of_address(password_scope(realm), who));
}

}  // namespace otpd::auth
