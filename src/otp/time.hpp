#pragma once

#include <chrono>
#include <cstdint>

namespace otpd::otp {

using std::chrono::milliseconds;

// A moment on the life clock: milliseconds of real time that never go back and never jump while the process
// runs. Its epoch is Unix time; it may differ from the wall clock after the wall clock was changed.
struct life_clock_tag {};
using instant = std::chrono::time_point<life_clock_tag, milliseconds>;

constexpr instant never{milliseconds::max()};

// What a rule needs to know of the world: when it runs, the store's recovery epoch, and since when the
// process runs. A verification of an older epoch counts as canceled (RELIABILITY S9).
struct moment {
  instant now;
  std::uint32_t epoch = 0;
  instant started{};  // of this process, or of the store in it: what was under way before has no outcome
};

}  // namespace otpd::otp
