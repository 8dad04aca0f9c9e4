#pragma once

#include <string_view>

#include "otp/message_text.hpp"

namespace otpd::sms {

// What may be filled into a message comes from an allow-list, so that nobody but the configuration writes
// links, line breaks or invisible characters into one (RELIABILITY A21).

// What may stand for {app}: 1..40 characters of letters (of most scripts), digits, space and -_'&+!(),. where
// a full stop is not followed by a letter or a digit, so that it never makes a host name. No white space at
// the ends.
[[nodiscard]] bool is_allowed_name(std::string_view utf8) noexcept;

// What may stand for a caller's parameter: at least one and at most its length of its charset's characters.
[[nodiscard]] bool is_allowed_value(const otp::message_parameter& parameter, std::string_view utf8) noexcept;

// A code: 1..16 ASCII letters and digits.
[[nodiscard]] bool is_code_text(std::string_view text) noexcept;

// A character that can be part of a name: a letter of most scripts, its marks, or a digit.
[[nodiscard]] bool is_word_character(char32_t c) noexcept;

}  // namespace otpd::sms
