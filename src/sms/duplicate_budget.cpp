#include "sms/duplicate_budget.hpp"

#include <algorithm>

namespace otpd::sms {

void duplicate_budget::count_message() noexcept {
  add(one / 50);
}

bool duplicate_budget::take() noexcept {
  std::int64_t left = left_.load(std::memory_order_relaxed);
  do {
    if (left < one) return false;
  } while (!left_.compare_exchange_weak(left, left - one, std::memory_order_relaxed));
  return true;
}

void duplicate_budget::give_back() noexcept {
  add(one);
}

void duplicate_budget::add(std::int64_t thousandths) noexcept {
  std::int64_t left = left_.load(std::memory_order_relaxed);
  do {
    if (left >= most) return;
  } while (!left_.compare_exchange_weak(left, std::min(left + thousandths, most), std::memory_order_relaxed));
}

}  // namespace otpd::sms
