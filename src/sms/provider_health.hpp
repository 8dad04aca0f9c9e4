#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sms/boot_time.hpp"
#include "sms/breaker_options.hpp"
#include "sms/circuit_breaker.hpp"
#include "sms/retry_budget.hpp"

namespace otpd::sms {

// Leave to make one call to a provider: of its breaker, and of its recipient's country if that has one.
// Recorded or given back exactly once.
struct health_permit {
  static constexpr std::uint16_t no_country = 0xffff;

  breaker_permit provider;
  breaker_permit country;
  std::uint16_t country_number = no_country;
};

struct health_changes {
  breaker_changes provider;
  breaker_changes country;  // of the country's breaker

  [[nodiscard]] bool empty() const noexcept { return provider.empty() && country.empty(); }
};

struct health_admission {
  std::optional<health_permit> permit;  // nothing: leave the provider alone
  health_changes changes;
};

// What is known of one configured provider: its breaker, with `breaker_per_country` one more for each country
// (of the first 256 countries seen), and its retry budget. Shared by all event loops: thread-safe, and never
// locked for longer than some hundred nanoseconds. Outlives every permit that it gave.
//
// With a breaker per country a call needs the leave of both, and both learn from it. So a provider that is
// dead is found dead once and not once for each country, and one that fails to reach one country is kept for
// the others. A country's probe that fails says nothing of the provider, unless the provider is on trial too.
//
// `country` is recipient::country; empty (e-mail), there is only the provider's breaker.
class provider_health {
 public:
  explicit provider_health(const breaker_options& options = {}) : options_(options), breaker_(options) {}
  provider_health(const provider_health&) = delete;
  provider_health& operator=(const provider_health&) = delete;

  // `now` and `random` as circuit_breaker has them.
  [[nodiscard]] health_admission admit(std::string_view country, boot_time now, double random);
  [[nodiscard]] health_changes record(const health_permit& permit, const call_outcome& outcome, boot_time now,
                                      double random);
  // False once a breaker that gave the permit has opened: a call that has not begun yet shall not.
  [[nodiscard]] bool stands(const health_permit& permit) const;
  // The call was not made, or was called off.
  void give_back(const health_permit& permit);

  // For the retry budget.
  void count_first_attempt();
  [[nodiscard]] bool take_retry(retry_cost cost, boot_time now);

  // The operator's word. Forced closed, the countries' breakers are not asked either.
  [[nodiscard]] breaker_changes force(breaker_mode mode, boot_time now);

  [[nodiscard]] breaker_mode mode() const;
  // Of the provider, whatever the country.
  [[nodiscard]] breaker_state state(boot_time now) const;
  // Of the provider and the country: the one that lets less pass.
  [[nodiscard]] breaker_state state(std::string_view country, boot_time now) const;
  // How long until admit() may say yes; 0: now.
  [[nodiscard]] milliseconds wait(std::string_view country, boot_time now) const;
  [[nodiscard]] milliseconds call_timeout() const noexcept { return options_.call_timeout; }

 private:
  [[nodiscard]] std::uint16_t number_of(std::string_view country);
  [[nodiscard]] const circuit_breaker* find(std::string_view country) const;

  const breaker_options options_;
  mutable std::mutex mutex_;
  circuit_breaker breaker_;
  retry_budget retries_;
  std::map<std::string, std::uint16_t, std::less<>> numbers_;
  std::vector<circuit_breaker> countries_;
};

}  // namespace otpd::sms
