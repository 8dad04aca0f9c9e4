#pragma once

#include <cstddef>
#include <memory>

#include "api/observer.hpp"
#include "log.hpp"
#include "metrics/registry.hpp"
#include "sms/observer.hpp"
#include "store/engine.hpp"

namespace otpd {

// The observers of the parts, turned into metrics and log lines. What they are made with outlives them.

// One per loop.
class loop_watch final : public api::observer, public sms::observer {
 public:
  loop_watch(metrics::registry& numbers, log& lines, std::size_t loop);

  void on_answer(const api::answered& what) override;
  void on_attempt(const sms::attempt& what) noexcept override;
  void on_breaker(std::string_view provider, bool of_country,
                  const sms::breaker_change& what) noexcept override;
  void on_possible_duplicate(otp::channel kind) noexcept override;
  void on_conversion(std::string_view provider, std::string_view country) noexcept override;

 private:
  metrics::registry& numbers_;
  log& lines_;
  std::size_t loop_;
};

class store_watch final : public store::observer {
 public:
  store_watch(metrics::registry& numbers, log& lines) : numbers_(numbers), lines_(lines) {}

  void on_commit(std::size_t updates, std::chrono::nanoseconds took) override;
  void on_event(std::string_view text) override;

 private:
  metrics::registry& numbers_;
  log& lines_;
};

// A registry with the label values of every part.
[[nodiscard]] std::unique_ptr<metrics::registry> make_registry(std::size_t loops, const config& settings);

}  // namespace otpd
