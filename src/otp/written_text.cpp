#include "otp/written_text.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>

namespace otpd::otp {

namespace {

// ICU's property leaves out the four information separators that Python's str.strip() takes.
bool is_space(UChar32 c) {
  return u_isUWhiteSpace(c) != 0 || (c >= 0x1c && c <= 0x1f);
}

}  // namespace

std::string fold_digits(std::string_view text) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  std::string out;
  out.reserve(text.size());
  for (std::int32_t at = 0; at < size;) {
    const std::int32_t begin = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    const std::int32_t digit = c < 0 ? -1 : u_charDigitValue(c);
    if (digit >= 0) {
      out += static_cast<char>('0' + digit);
    } else {
      out.append(text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin)));
    }
  }
  return out;
}

std::string_view strip(std::string_view text) noexcept {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto end = static_cast<std::int32_t>(text.size());
  std::int32_t begin = 0;
  UChar32 c = 0;
  for (std::int32_t at = 0; at < end; begin = at) {
    U8_NEXT(bytes, at, end, c);
    if (c < 0 || !is_space(c)) break;
  }
  for (std::int32_t at = end; at > begin; end = at) {
    U8_PREV(bytes, begin, at, c);
    if (c < 0 || !is_space(c)) break;
  }
  return text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

}  // namespace otpd::otp
