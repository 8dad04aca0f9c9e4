#pragma once

#include <optional>
#include <string_view>

#include "net/message.hpp"

namespace otpd::net {

// RFC 9110 section 5.6.2: a field name or a method. Not empty.
[[nodiscard]] bool is_token(std::string_view text) noexcept;
// RFC 9110 section 5.5: no control character but HTAB.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;
// Removes the first line with its CRLF from `rest` and returns it without; all of `rest` if there is no CRLF.
[[nodiscard]] std::string_view take_line(std::string_view& rest) noexcept;
// "Name: value" with the value's white space trimmed; nothing if it is not a well-formed field line (folding
// included).
[[nodiscard]] std::optional<field> split_field(std::string_view line) noexcept;
// What stands before the parameters of a Content-Type, without surrounding white space; compare without case.
[[nodiscard]] std::string_view media_type(std::string_view content_type) noexcept;

}  // namespace otpd::net
