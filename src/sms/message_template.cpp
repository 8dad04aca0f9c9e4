#include "sms/message_template.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "sms/segments.hpp"

namespace otpd::sms {

namespace {

enum name : std::size_t { code_name, app_name, minutes_name };
constexpr std::array<std::string_view, 3> names = {"code", "app", "minutes"};

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

bool is_ascii_alnum(char32_t c) noexcept {
  return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

bool is_word(char32_t c) noexcept {
  return is_ascii_alnum(c) || std::any_of(scripts.begin(), scripts.end(),
                                          [c](range each) { return c >= each.first && c <= each.last; });
}

bool is_clean(std::string_view text) noexcept {
  while (!text.empty()) {
    const char32_t c = take_code_point(text);
    if ((c < 0x20 && c != U'\n') || (c >= 0x7f && c < 0xa0) || c == U'\ufffd') return false;
  }
  return true;
}

}  // namespace

bool is_allowed_name(std::string_view utf8) noexcept {
  constexpr std::u32string_view punctuation = U" -_'&+!(),.";
  if (utf8.empty() || utf8.front() == ' ' || utf8.back() == ' ') return false;
  bool after_stop = false;
  for (int length = 1; !utf8.empty(); ++length) {
    const char32_t c = take_code_point(utf8);
    const bool word = is_word(c);
    if (length > 40 || (after_stop && word)) return false;
    if (!word && punctuation.find(c) == std::u32string_view::npos) return false;
    after_stop = c == U'.';
  }
  return true;
}

message_template::message_template(std::string_view text, std::string_view app)
    : pattern_(text, names), app_(app) {
  if (text.size() > 1000) throw std::invalid_argument("the message is longer than 1000 bytes");
  if (!pattern_.uses(code_name)) throw std::invalid_argument("the message lacks {code}");
  if (!is_clean(text)) throw std::invalid_argument("the message has a control character or is not UTF-8");
  if (text.ends_with('\n')) throw std::invalid_argument("the message ends with a line break");
  if (pattern_.uses(app_name) && !is_allowed_name(app))
    throw std::invalid_argument("the app's name has a character that messages may not have");
}

boost::system::result<std::string> message_template::render(std::string_view code,
                                                            std::chrono::seconds lifetime) const {
  const bool plain = std::all_of(code.begin(), code.end(),
                                 [](char c) { return is_ascii_alnum(static_cast<unsigned char>(c)); });
  if (code.empty() || code.size() > 16 || !plain)
    return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);

  const auto minutes = std::max(std::chrono::ceil<std::chrono::minutes>(lifetime), std::chrono::minutes{1});
  std::string out;
  pattern_.render(out, [&](std::string& to, std::size_t value) {
    switch (value) {
      case code_name:
        to.append(code);
        break;
      case app_name:
        to.append(app_);
        break;
      default:
        to.append(std::to_string(minutes.count()));
    }
  });
  return out;
}

}  // namespace otpd::sms
