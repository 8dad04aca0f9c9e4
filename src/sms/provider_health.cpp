#include "sms/provider_health.hpp"

#include <algorithm>

namespace otpd::sms {

namespace {

constexpr std::size_t most_countries = 256;

}  // namespace

health_admission provider_health::admit(std::string_view country, boot_time now, double random) {
  const std::lock_guard lock(mutex_);
  health_admission out;
  health_permit permit;
  permit.country_number = number_of(country);
  const bool has_country = permit.country_number != health_permit::no_country;
  if (has_country) {
    const breaker_admission by_country = countries_[permit.country_number].admit(now, random);
    out.changes.country = by_country.changes;
    if (!by_country.permit) return out;
    permit.country = *by_country.permit;
  }
  const breaker_admission by_provider = breaker_.admit(now, random);
  out.changes.provider = by_provider.changes;
  if (by_provider.permit) {
    permit.provider = *by_provider.permit;
    out.permit = permit;
  } else if (has_country) {
    countries_[permit.country_number].give_back(permit.country);
  }
  return out;
}

health_changes provider_health::record(const health_permit& permit, const call_outcome& outcome,
                                       boot_time now, double random) {
  const std::lock_guard lock(mutex_);
  health_changes out;
  call_outcome of_provider = outcome;
  if (permit.country_number != health_permit::no_country) {
    out.country = countries_[permit.country_number].record(permit.country, outcome, now, random);
    const bool only_country_on_trial = permit.country.probe != 0 && permit.provider.probe == 0;
    if (only_country_on_trial && outcome.result == call_result::failure)
      of_provider.result = call_result::neutral;
  }
  out.provider = breaker_.record(permit.provider, of_provider, now, random);
  return out;
}

bool provider_health::stands(const health_permit& permit) const {
  const std::lock_guard lock(mutex_);
  const bool has_country = permit.country_number != health_permit::no_country;
  return breaker_.stands(permit.provider) &&
         (!has_country || countries_[permit.country_number].stands(permit.country));
}

void provider_health::give_back(const health_permit& permit) {
  const std::lock_guard lock(mutex_);
  breaker_.give_back(permit.provider);
  if (permit.country_number != health_permit::no_country)
    countries_[permit.country_number].give_back(permit.country);
}

void provider_health::count_first_attempt() {
  const std::lock_guard lock(mutex_);
  retries_.count_first_attempt();
}

bool provider_health::take_retry(retry_cost cost, boot_time now) {
  const std::lock_guard lock(mutex_);
  return retries_.take(cost, now);
}

breaker_changes provider_health::force(breaker_mode mode, boot_time now) {
  const std::lock_guard lock(mutex_);
  return breaker_.force(mode, now);
}

breaker_mode provider_health::mode() const {
  const std::lock_guard lock(mutex_);
  return breaker_.mode();
}

breaker_state provider_health::state(boot_time now) const {
  const std::lock_guard lock(mutex_);
  return breaker_.state(now);
}

breaker_state provider_health::state(std::string_view country, boot_time now) const {
  const std::lock_guard lock(mutex_);
  const circuit_breaker* of_country = find(country);
  return of_country ? std::max(of_country->state(now), breaker_.state(now)) : breaker_.state(now);
}

milliseconds provider_health::wait(std::string_view country, boot_time now) const {
  const std::lock_guard lock(mutex_);
  const circuit_breaker* of_country = find(country);
  return of_country ? std::max(of_country->wait(now), breaker_.wait(now)) : breaker_.wait(now);
}

// Its number, given at its first call.
std::uint16_t provider_health::number_of(std::string_view country) {
  if (!options_.breaker_per_country || country.empty() || breaker_.mode() == breaker_mode::forced_closed)
    return health_permit::no_country;
  const auto known = numbers_.find(country);
  if (known != numbers_.end()) return known->second;
  if (countries_.size() == most_countries) return health_permit::no_country;
  countries_.emplace_back(options_);
  return numbers_.emplace(country, static_cast<std::uint16_t>(countries_.size() - 1)).first->second;
}

// Nothing if it has no breaker, or none that is asked now.
const circuit_breaker* provider_health::find(std::string_view country) const {
  if (breaker_.mode() == breaker_mode::forced_closed) return nullptr;
  const auto known = numbers_.find(country);
  return known == numbers_.end() ? nullptr : &countries_[known->second];
}

}  // namespace otpd::sms
