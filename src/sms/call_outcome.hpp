#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "otp/ports.hpp"

namespace otpd::sms {

// What an attempt says of the provider's health.
enum class call_result : std::uint8_t {
  success,
  failure,
  neutral,  // nothing: the fault was the message's or our own, or the attempt was called off
};

struct call_outcome {
  call_result result = call_result::neutral;
  std::chrono::milliseconds duration{};
  std::optional<std::chrono::milliseconds> retry_after;  // the provider asks to be left alone for so long
};

[[nodiscard]] call_result counts_as(otp::failure failure) noexcept;

}  // namespace otpd::sms
