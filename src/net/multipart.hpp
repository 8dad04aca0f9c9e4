#pragma once

#include <optional>
#include <string_view>

#include "net/form.hpp"

namespace otpd::net {

// A multipart/form-data body (RFC 7578, RFC 2046 5.1.1), in the order of its text, within the bounds of
// form.hpp. Parts with a file name are left out. Nothing if `content_type` has no boundary of 1 to 70
// characters, the body is not framed by it to its end, a part has no name, or a bound is exceeded.
[[nodiscard]] std::optional<form> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace otpd::net
