#pragma once

#include <cstdint>
#include <string_view>

namespace otpd::otp {

// How a code travels. The numbers are stored.
enum class channel : std::uint8_t { sms = 1, email = 2 };

[[nodiscard]] constexpr std::string_view to_string(channel value) noexcept {
  return value == channel::sms ? "sms" : "email";
}

}  // namespace otpd::otp
