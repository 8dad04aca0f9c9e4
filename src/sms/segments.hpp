#pragma once

#include <cstdint>
#include <string_view>

namespace otpd::sms {

enum class alphabet : std::uint8_t {
  gsm7,  // 3GPP TS 23.038, 6.2.1 with its extension table
  ucs2,  // UTF-16 code units
};

// What a text costs on the air.
struct segment_count {
  sms::alphabet alphabet = alphabet::gsm7;
  std::uint32_t units = 0;  // septets, or UTF-16 code units
  std::uint32_t segments =
      0;  // messages: 160 septets or 70 units alone, 153 or 67 each in a chain; an empty text is one
};

// Counts UTF-8 as a phone network would send it. An extension character takes two septets and neither it nor
// a surrogate pair is split over two segments. Bytes that are not UTF-8 count as U+FFFD each.
[[nodiscard]] segment_count count_segments(std::string_view utf8) noexcept;

// The next code point of `rest`, which must not be empty, and removes it. Malformed bytes yield U+FFFD, one
// byte at a time.
[[nodiscard]] char32_t take_code_point(std::string_view& rest) noexcept;

}  // namespace otpd::sms
