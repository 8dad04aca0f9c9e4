#include "auth/attempts.hpp"

#include "auth/account_vault.hpp"
#include "auth/steps.hpp"

namespace otpd::auth {

attempts::attempts(otp::store& records, const otp::clock& time, const crypto::key_ring& ring)
    : store_(records), clock_(time), running_since_(time.now().now), names_(ring.session) {}

otp::record_key attempts::key_of(const std::string& what) const {
  return otp::row_of_mac(otp::table::sessions, names_.sign(what));
}

otp::record_key attempts::of_client(std::string_view scope, const otp::caller::network& client) const {
  std::string what = std::string("attempts of client ").append(scope).append(1, '\0');
  what += client.is_v6 ? '6' : '4';
  return key_of(what + std::to_string(client.prefix));
}

otp::record_key attempts::of_address(std::string_view scope, const otp::recipient& who) const {
  return key_of(std::string("attempts at ").append(scope).append(1, '\0') + folded_address(who.address));
}

task<outcome<void>> attempts::update(otp::record_key whose, change rule) {
  auto apply = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<void> {
    attempt_record record;
    if (current) {
      const auto stored = decode_attempts(*current);
      if (!stored) return refusal{errc::store_unavailable};
      record = *stored;
    }
    const otp::instant now = clock_.now().now;
    const auto changed = rule(record, now);
    if (changed.has_error()) return changed.error();
    const otp::instant until = forgettable_at(record, now);
    if (until > now) {
      out.put(whose, encode(record), until);
    } else if (current) {
      out.erase(whose);
    }
    return {};
  };
  auto step = make_row_step<void>(std::move(apply));
  const auto stored = co_await store_.update(whose, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return std::move(step.result);
}

task<outcome<void>> attempts::charge(otp::record_key whose, attempt_policy policy) {
  change rule = [this, policy](attempt_record& record, otp::instant now) {
    return auth::charge(record, policy, now, running_since_);
  };
  co_return co_await update(whose, std::move(rule));
}

task<outcome<void>> attempts::fail(otp::record_key whose, attempt_policy policy) {
  change rule = [policy](attempt_record& record, otp::instant now) -> outcome<void> {
    auth::fail(record, policy, now);
    return {};
  };
  co_return co_await update(whose, std::move(rule));
}

task<outcome<void>> attempts::succeed(otp::record_key whose, attempt_policy policy) {
  change rule = [policy](attempt_record& record, otp::instant) -> outcome<void> {
    auth::succeed(record, policy);
    return {};
  };
  co_return co_await update(whose, std::move(rule));
}

task<outcome<void>> attempts::give_back(otp::record_key whose, attempt_policy policy) {
  change rule = [policy](attempt_record& record, otp::instant) -> outcome<void> {
    auth::give_back(record, policy);
    return {};
  };
  co_return co_await update(whose, std::move(rule));
}

task<outcome<void>> attempts::unlock(otp::record_key whose) {
  change rule = [](attempt_record& record, otp::instant) -> outcome<void> {
    record = attempt_record{};
    return {};
  };
  co_return co_await update(whose, std::move(rule));
}

std::string password_scope(std::string_view realm) {
  return std::string("password ").append(realm);
}

}  // namespace otpd::auth
