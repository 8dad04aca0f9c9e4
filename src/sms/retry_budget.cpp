#include "sms/retry_budget.hpp"

#include <algorithm>

namespace otpd::sms {

namespace {

constexpr std::int64_t one = 1'000;
constexpr std::int64_t gain = one / 10;
constexpr std::int64_t most_earned = 50 * one;
// Enough to pay for a time-out where there is little traffic.
constexpr std::int64_t most_reserve = 2 * one;

}  // namespace

void retry_budget::count_first_attempt() noexcept {
  earned_ = std::min(earned_ + gain, most_earned);
}

bool retry_budget::take(retry_cost cost, boot_time now) noexcept {
  if (now > filled_) {
    // One a second is a thousandth a millisecond.
    reserve_ = std::min(reserve_ + (now - filled_).count(), most_reserve);
    filled_ = now;
  }
  const std::int64_t price = static_cast<std::int64_t>(cost) * one;
  if (earned_ + reserve_ < price) return false;
  // The reserve first: it would fill up again anyhow.
  const std::int64_t from_reserve = std::min(reserve_, price);
  reserve_ -= from_reserve;
  earned_ -= price - from_reserve;
  return true;
}

}  // namespace otpd::sms
