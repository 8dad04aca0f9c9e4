#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace otpd::sms {

// How a value is made safe for the place it stands in.
enum class escape : std::uint8_t {
  none,     // plain text
  json,     // inside a JSON string, RFC 8259
  percent,  // in a URL or a form: everything but RFC 3986's unreserved characters, so "%20" for a space
  xml,      // text or attribute of XML
  header,   // in a header value: percent, but visible ASCII and spaces other than '%' as they are
};

// Appends `value`. None but `none` and `xml` lets a line break through.
void append_escaped(std::string& out, std::string_view value, escape how);

// What a media type asks for: JSON and "+json", XML and "+xml", forms; else `none`.
[[nodiscard]] escape escape_for(std::string_view media_type) noexcept;

}  // namespace otpd::sms
