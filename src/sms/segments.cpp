#include "sms/segments.hpp"

#include <algorithm>
#include <array>

namespace otpd::sms {

namespace {

// The basic table beyond its ASCII part.
constexpr std::array<char32_t, 39> basic_beyond_ascii = {
    U'\u00a1', U'\u00a3', U'\u00a4', U'\u00a5', U'\u00a7', U'\u00bf', U'\u00c4', U'\u00c5',
    U'\u00c6', U'\u00c7', U'\u00c9', U'\u00d1', U'\u00d6', U'\u00d8', U'\u00dc', U'\u00df',
    U'\u00e0', U'\u00e4', U'\u00e5', U'\u00e6', U'\u00e8', U'\u00e9', U'\u00ec', U'\u00f1',
    U'\u00f2', U'\u00f6', U'\u00f8', U'\u00f9', U'\u00fc', U'\u0393', U'\u0394', U'\u0398',
    U'\u039b', U'\u039e', U'\u03a0', U'\u03a3', U'\u03a6', U'\u03a8', U'\u03a9'};

// Septets of a character, zero if GSM 7-bit has none for it.
unsigned septets(char32_t c) noexcept {
  constexpr std::u32string_view extension = U"\f^{}\\[~]|\u20ac";
  if (extension.find(c) != std::u32string_view::npos) return 2;
  if (c == U'\n' || c == U'\r') return 1;
  if (c >= 0x20 && c < 0x7f) return c == U'`' ? 0 : 1;
  return std::binary_search(basic_beyond_ascii.begin(), basic_beyond_ascii.end(), c) ? 1 : 0;
}

unsigned utf16_units(char32_t c) noexcept {
  return c > 0xffff ? 2 : 1;
}

bool fits_gsm7(std::string_view utf8) noexcept {
  while (!utf8.empty())
    if (septets(take_code_point(utf8)) == 0) return false;
  return true;
}

template <class Width>
segment_count count(std::string_view utf8, alphabet kind, unsigned alone, unsigned chained,
                    Width width) noexcept {
  segment_count out{kind, 0, 1};
  unsigned used = 0;
  while (!utf8.empty()) {
    const unsigned wide = width(take_code_point(utf8));
    out.units += wide;
    used += wide;
    if (used > chained) {
      ++out.segments;
      used = wide;
    }
  }
  if (out.units <= alone) out.segments = 1;
  return out;
}

}  // namespace

segment_count count_segments(std::string_view utf8) noexcept {
  if (fits_gsm7(utf8)) return count(utf8, alphabet::gsm7, 160, 153, septets);
  return count(utf8, alphabet::ucs2, 70, 67, utf16_units);
}

char32_t take_code_point(std::string_view& rest) noexcept {
  constexpr char32_t malformed = U'\ufffd';
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  char32_t c = lead < 0x80 ? lead : lead & (0xffU >> (length + 1));
  bool good = rest.size() >= length && (lead < 0x80 || (lead >= 0xc2 && lead <= 0xf4));
  for (std::size_t i = 1; good && i < length; ++i) {
    good = (byte(i) & 0xc0U) == 0x80;
    c = (c << 6) | (byte(i) & 0x3fU);
  }
  good = good && c >= least[length] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
  rest.remove_prefix(good ? length : 1);
  return good ? c : malformed;
}

}  // namespace otpd::sms
