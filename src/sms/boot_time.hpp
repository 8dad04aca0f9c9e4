#pragma once

#include <chrono>

namespace otpd::sms {

using std::chrono::milliseconds;

// A moment on the clock of delivery: milliseconds since boot, suspend included. It never goes back. Breakers,
// budgets and plans take it as a parameter and read no clock themselves (RELIABILITY S1, S7).
struct boot_clock_tag {};
using boot_time = std::chrono::time_point<boot_clock_tag, milliseconds>;

// CLOCK_BOOTTIME. Thread-safe.
[[nodiscard]] boot_time boot_time_now() noexcept;

}  // namespace otpd::sms
