#pragma once

#include <chrono>
#include <cstdint>

#include "otp/ports.hpp"

namespace otpd::sms {

// How an inbox answers, until it is told otherwise. As it stands: every message is accepted at once.
struct inbox_behaviour {
  std::chrono::milliseconds delay{0};      // before the answer; at most longest_delay
  otp::failure fail = otp::failure::none;  // refuses, with this class
  bool hang = false;                       // never answers
  bool drop = false;                       // accepts, but the message never arrives
  std::uint32_t every = 1;                 // only every n-th message is treated so
  std::uint32_t percent = 100;             // and of those only so many, evenly spread
  std::uint32_t count = 0;                 // over after so many messages, treated so or not; 0: never

  static constexpr std::chrono::milliseconds longest_delay{60'000};
  static constexpr std::uint32_t most_messages = 1'000'000;  // of `every` and `count`

  [[nodiscard]] bool operator==(const inbox_behaviour&) const = default;
};

// True if every member is within its bounds and at most one of fail, hang and drop is set.
[[nodiscard]] bool is_sound(const inbox_behaviour& how) noexcept;

// What one message gets.
struct inbox_step {
  std::chrono::milliseconds delay{0};
  otp::failure fail = otp::failure::none;
  bool hang = false;
  bool drop = false;

  [[nodiscard]] bool operator==(const inbox_step&) const = default;
};

// What the n-th message since the behaviour was set gets; n counts from 1. No chance in it: the same n, the
// same step.
[[nodiscard]] inbox_step step_of(const inbox_behaviour& how, std::uint64_t n) noexcept;

}  // namespace otpd::sms
