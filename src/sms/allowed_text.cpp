#include "sms/allowed_text.hpp"

#include <algorithm>
#include <array>

#include "sms/segments.hpp"

namespace otpd::sms {

namespace {

struct range {
  char32_t first;
  char32_t last;
};

// Letters, their marks and digits; what is left out are controls, bidi and zero-width characters, and what
// looks like URL punctuation.
constexpr std::array<range, 23> scripts = {{
    {0x00c0, 0x00d6}, {0x00d8, 0x00f6}, {0x00f8, 0x024f},  // Latin
    {0x0386, 0x0386}, {0x0388, 0x03ff},                    // Greek
    {0x0400, 0x0481}, {0x048a, 0x052f},                    // Cyrillic
    {0x0531, 0x0556}, {0x0561, 0x0587},                    // Armenian
    {0x05d0, 0x05ea},                                      // Hebrew
    {0x0620, 0x0669}, {0x066e, 0x06d3}, {0x06ee, 0x06fc},  // Arabic
    {0x0900, 0x0963}, {0x0966, 0x0df3},                    // scripts of India
    {0x0e01, 0x0e39}, {0x0e40, 0x0e59},                    // Thai
    {0x10a0, 0x10fa},                                      // Georgian
    {0x1e00, 0x1fbc},                                      // Latin and Greek, extended
    {0x3041, 0x3096}, {0x30a1, 0x30fa},                    // Hiragana, Katakana
    {0x4e00, 0x9fff}, {0xac00, 0xd7a3},                    // Han, Hangul
}};

bool is_digit(char32_t c) noexcept {
  return c >= U'0' && c <= U'9';
}
bool is_letter(char32_t c) noexcept {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}
bool is_alnum(char32_t c) noexcept {
  return is_digit(c) || is_letter(c);
}

template <class Is>
bool are_all(std::string_view text, Is is) noexcept {
  return std::all_of(text.begin(), text.end(), [is](char c) { return is(static_cast<unsigned char>(c)); });
}

std::size_t characters_of(std::string_view utf8) noexcept {
  std::size_t count = 0;
  for (; !utf8.empty(); ++count)
    static_cast<void>(take_code_point(utf8));
  return count;
}

}  // namespace

bool is_word_character(char32_t c) noexcept {
  return is_alnum(c) || std::any_of(scripts.begin(), scripts.end(),
                                    [c](range each) { return c >= each.first && c <= each.last; });
}

bool is_allowed_name(std::string_view utf8) noexcept {
  constexpr std::u32string_view punctuation = U" -_'&+!(),.";
  if (utf8.empty() || utf8.front() == ' ' || utf8.back() == ' ') return false;
  bool after_stop = false;
  for (int length = 1; !utf8.empty(); ++length) {
    const char32_t c = take_code_point(utf8);
    const bool word = is_word_character(c);
    if (length > 40 || (after_stop && word)) return false;
    if (!word && punctuation.find(c) == std::u32string_view::npos) return false;
    after_stop = c == U'.';
  }
  return true;
}

bool is_allowed_value(const otp::message_parameter& parameter, std::string_view utf8) noexcept {
  if (utf8.empty() || utf8.size() > 4U * parameter.max_length) return false;
  if (characters_of(utf8) > parameter.max_length) return false;
  switch (parameter.charset) {
    case otp::parameter_charset::letters:
      return are_all(utf8, is_letter);
    case otp::parameter_charset::digits:
      return are_all(utf8, is_digit);
    case otp::parameter_charset::alnum:
      return are_all(utf8, is_alnum);
    case otp::parameter_charset::text:
      break;
  }
  return is_allowed_name(utf8);
}

bool is_code_text(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 16 && are_all(text, is_alnum);
}

}  // namespace otpd::sms
