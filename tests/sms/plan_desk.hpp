#pragma once

#include <deque>
#include <string>
#include <vector>

#include "sms/delivery_plan.hpp"

namespace otpd::sms {

// Providers, a clock and the outcomes they give, for plans to be run against.
struct plan_desk {
  explicit plan_desk(std::size_t providers, const breaker_options& options = {}) {
    for (std::size_t i = 0; i < providers; ++i)
      route.push_back(&health.emplace_back(options));
  }

  // Five failures in a row open it, if it was closed.
  void open(std::size_t provider) {
    for (int i = 0; i < 5; ++i)
      record(provider, otp::failure::unavailable);
  }
  void record(std::size_t provider, otp::failure what) {
    const auto leave = health[provider].admit("", now, 0.5);
    if (leave.permit) (void)health[provider].record(*leave.permit, {counts_as(what), {}, {}}, now, 0.5);
  }
  [[nodiscard]] plan_options within(milliseconds time) const {
    plan_options out;
    out.deadline = now + time;
    return out;
  }

  std::deque<provider_health> health;
  std::vector<provider_health*> route;
  duplicate_budget duplicates;
  boot_time now{std::chrono::seconds{1000}};
};

}  // namespace otpd::sms
