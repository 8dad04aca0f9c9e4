#pragma once

#include <cstdint>

#include "sms/boot_time.hpp"

namespace otpd::sms {

// What a second attempt on one provider costs.
enum class retry_cost : std::uint8_t {
  refused = 1,    // after an answer, or after no connection
  timed_out = 2,  // after a time-out: it has held a connection for long, and may have been served
};

// How many second attempts a provider may get (RELIABILITY S2), so that retries do not keep down what has
// just got up: a tenth of one for each first attempt, kept up to 50, and one a second beside, kept up to 2.
// So x first attempts in t seconds pay for at most x / 10 + t + 2 of them, and for 50 more if there was a
// time without any. It begins with the 2. Pure, of fixed size; not thread-safe.
class retry_budget {
 public:
  void count_first_attempt() noexcept;
  // True and taken, or false and unchanged. A `now` before an earlier one counts as that.
  [[nodiscard]] bool take(retry_cost cost, boot_time now) noexcept;

 private:
  // Thousandths of a retry.
  std::int64_t earned_ = 0;
  std::int64_t reserve_ = 2'000;
  boot_time filled_{};
};

}  // namespace otpd::sms
