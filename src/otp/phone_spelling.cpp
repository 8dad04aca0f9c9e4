#include "otp/phone_spelling.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace otpd::otp {
namespace {

constexpr std::size_t max_digits = 32;

struct range {
  UChar32 first;
  UChar32 last;
};

// What separates groups of digits, or is not seen at all.
constexpr std::array separators{
    range{' ', ' '},       range{'(', ')'}, range{'-', '/'}, range{0x00A0, 0x00A0},  // no-break space
    range{0x00AD, 0x00AD},                                                           // soft hyphen
    range{0x2000, 0x200B},  // spaces of any width, none included
    range{0x200E, 0x200F},  // direction marks
    range{0x2010, 0x2015},  // hyphens and dashes
    range{0x202A, 0x202F},  // direction embeddings, narrow no-break space
    range{0x2060, 0x2060},  // word joiner
    range{0x2066, 0x2069},  // direction isolates
    range{0x2212, 0x2212},  // minus
    range{0x3000, 0x3000},  // ideographic space
    range{0x30FC, 0x30FC},  // the long vowel mark, typed for a dash in Japan
    range{0xFEFF, 0xFEFF},  // byte order mark
    range{0xFF08, 0xFF09},  // full-width parentheses
    range{0xFF0D, 0xFF0F},  // full-width hyphen, full stop, solidus
};

constexpr UChar32 full_width_plus = 0xFF0B;

bool is_separator(UChar32 c) {
  return std::ranges::any_of(separators, [c](const range& r) { return r.first <= c && c <= r.last; });
}

}  // namespace

std::optional<std::string> phone_digits(std::string_view text) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  std::string result;
  std::size_t digits = 0;
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c < 0) return std::nullopt;
    if (const std::int32_t digit = u_charDigitValue(c); digit >= 0) {
      if (++digits > max_digits) return std::nullopt;
      result.push_back(static_cast<char>('0' + digit));
    } else if (c == '+' || c == full_width_plus) {
      if (!result.empty()) return std::nullopt;
      result.push_back('+');
    } else if (!is_separator(c)) {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  return result;
}

}  // namespace otpd::otp
