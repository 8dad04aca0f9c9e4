#include "api/html_text.hpp"

namespace otpd::api {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

// The length of the UTF-8 character that `text` begins with (RFC 3629); 0 if it is none.
std::size_t character_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto is_tail = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return is_tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool fits = (first != 0xe0 || second >= 0xa0) && (first != 0xed || second < 0xa0);
    return fits && is_tail(1) && is_tail(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool fits = (first != 0xf0 || second >= 0x90) && (first != 0xf4 || second < 0x90);
    return fits && is_tail(1) && is_tail(2) && is_tail(3) ? 4 : 0;
  }
  return 0;
}

void append_ascii(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += "&quot;";
      return;
    case '\'':
      out += "&#39;";
      return;
    case '\n':
    case '\t':
      out += c;
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte != 0x7f) {
    out += c;
    return;
  }
  out += "\xe2\x90";
  out += static_cast<char>(0x80 + (byte == 0x7f ? 0x21 : byte));
}

}  // namespace

void append_html(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) {
      out += replacement;
    } else if (length == 1) {
      append_ascii(out, text[0]);
    } else if (length == 2 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0) {
      out += replacement;  // a C1 control
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

void append_layout(std::string& out, std::string_view layout,
                   const std::function<void(std::string& out, std::string_view name)>& fill) {
  while (true) {
    const auto begin = layout.find("{{");
    const auto end = layout.find("}}", begin);
    if (begin == layout.npos || end == layout.npos) break;
    out += layout.substr(0, begin);
    fill(out, layout.substr(begin + 2, end - begin - 2));
    layout.remove_prefix(end + 2);
  }
  out += layout;
}

}  // namespace otpd::api
