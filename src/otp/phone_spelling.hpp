#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace otpd::otp {

// The digits of a phone number as people write it, in ASCII, with a '+' in front if it has one; the national
// rules are not applied yet. `text` is UTF-8. Every decimal digit of Unicode (category Nd) counts as its
// value. Dropped: spaces, parentheses, '-' '.' '/', their Unicode relatives, and the invisible marks that are
// copied along from address books. '+' (or U+FF0B) may stand once, before the first digit. Nothing for
// anything else: letters, so "tel:", ";ext=" and "x12" too; '*' and '#'; control characters, also a NUL or a
// line break at the end; text that is not UTF-8; more than 32 digits, or none.
[[nodiscard]] std::optional<std::string> phone_digits(std::string_view text);

}  // namespace otpd::otp
