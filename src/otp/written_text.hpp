#pragma once

#include <string>
#include <string_view>

namespace otpd::otp {

// What people's keyboards make of a number. `text` is UTF-8; bytes that are none stay as they are.

// Every decimal digit of Unicode (category Nd) as its ASCII digit.
[[nodiscard]] std::string fold_digits(std::string_view text);
// Without white space at both ends, as Unicode has it.
[[nodiscard]] std::string_view strip(std::string_view text) noexcept;

}  // namespace otpd::otp
