#pragma once

#include <array>
#include <cstdint>

#include "sms/boot_time.hpp"

namespace otpd::sms {

// Calls of the last 10 s, in buckets of one second. Not thread-safe.
class call_window {
 public:
  struct counts {
    std::uint32_t calls = 0;
    std::uint32_t failures = 0;
    std::uint32_t slow = 0;

    // Exact, without rounding; false if there were no calls.
    [[nodiscard]] bool failing(std::uint32_t percent) const noexcept { return reaches(failures, percent); }
    [[nodiscard]] bool slow_at(std::uint32_t percent) const noexcept { return reaches(slow, percent); }

   private:
    [[nodiscard]] bool reaches(std::uint32_t some, std::uint32_t percent) const noexcept {
      return calls > 0 && std::uint64_t{some} * 100 >= std::uint64_t{calls} * percent;
    }
  };

  // `now` does not go back from call to call.
  void add(boot_time now, bool failed, bool slow) noexcept;
  // The second of `now` and the nine before it.
  [[nodiscard]] counts total(boot_time now) const noexcept;
  void clear() noexcept { buckets_ = {}; }

 private:
  struct bucket {
    std::int64_t second = -1'000;
    counts of;
  };
  std::array<bucket, 10> buckets_{};
};

}  // namespace otpd::sms
