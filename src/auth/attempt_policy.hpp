#pragma once

#include <cstdint>
#include <optional>

#include "otp/bucket.hpp"

namespace otpd::auth {

// How many attempts may fail. Each bound holds by itself.
struct attempt_policy {
  std::uint16_t in_a_row = 3;  // failures without a success between them, 1..1000, and then:
  std::optional<otp::milliseconds>
      block;                          // so long nothing is judged; nothing: until an administrator unlocks
  std::optional<otp::rate> failures;  // all in all
};

}  // namespace otpd::auth
