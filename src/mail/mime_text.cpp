#include "mail/mime_text.hpp"

#include <algorithm>
#include <cstdint>

namespace otpd::mail {

namespace {

constexpr std::size_t longest_line = 76;
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The end of the first line, LF included, and removes it from `rest`.
std::string_view take_line(std::string_view& rest) noexcept {
  const std::size_t end = rest.find('\n');
  const std::size_t size = end == std::string_view::npos ? rest.size() : end + 1;
  const std::string_view line = rest.substr(0, size);
  rest.remove_prefix(size);
  return line;
}

void append_escape(std::string& out, char byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  out += '=';
  out += digits[value >> 4];
  out += digits[value & 15];
}

constexpr bool stands_for_itself(char c) noexcept {
  return (c >= '!' && c <= '~' && c != '=') || c == ' ' || c == '\t';
}

// One line without its LF.
void append_quoted_line(std::string& out, std::string_view line) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool is_last = i + 1 == line.size();
    const bool is_blank = c == ' ' || c == '\t';
    const auto is_plain = [&] {
      if (column == 0 && (c == '.' || line.substr(i).starts_with("From "))) return false;
      return stands_for_itself(c) && !(is_blank && is_last);
    };
    // A soft break needs a column of its own.
    if (column + (is_plain() ? 1 : 3) > longest_line - 1) {
      out += "=\r\n";
      column = 0;
    }
    if (is_plain()) {
      out += c;
      column += 1;
    } else {
      append_escape(out, c);
      column += 3;
    }
  }
}

// How many bytes of `utf8` make whole characters and are at most `most`, which is at least 4.
std::size_t whole_characters(std::string_view utf8, std::size_t most) noexcept {
  if (utf8.size() <= most) return utf8.size();
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  for (std::size_t size = most; size > most - 4; --size)
    if (!continues(utf8[size])) return size;
  return most;  // it is not UTF-8
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  const auto digit = [](std::uint32_t bits) { return base64_digits[bits & 63]; };
  while (!bytes.empty()) {
    const std::size_t count = std::min<std::size_t>(bytes.size(), 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8 | (i < count ? static_cast<unsigned char>(bytes[i]) : 0U);
    out += digit(bits >> 18);
    out += digit(bits >> 12);
    out += count > 1 ? digit(bits >> 6) : '=';
    out += count > 2 ? digit(bits) : '=';
    bytes.remove_prefix(count);
  }
}

void append_quoted_printable(std::string& out, std::string_view text) {
  while (!text.empty()) {
    std::string_view line = take_line(text);
    const bool has_end = line.ends_with('\n');
    if (has_end) line.remove_suffix(1);
    append_quoted_line(out, line);
    out += has_end ? "\r\n" : "=\r\n";
  }
}

void append_base64_lines(std::string& out, std::string_view text) {
  constexpr std::size_t bytes_per_line = longest_line / 4 * 3;
  std::string wire;  // a piece of the text with CRLFs
  wire.reserve(2 * bytes_per_line);
  for (const char c : text) {
    if (c == '\n') wire += '\r';
    wire += c;
    if (wire.size() < bytes_per_line) continue;
    append_base64(out, std::string_view{wire}.substr(0, bytes_per_line));
    out += "\r\n";
    wire.erase(0, bytes_per_line);
  }
  if (wire.empty()) return;
  append_base64(out, wire);
  out += "\r\n";
}

void append_encoded_words(std::string& out, std::string_view utf8) {
  constexpr std::size_t bytes_per_word = 39;  // "=?UTF-8?B?" and "?=" around 52 digits
  for (bool is_first = true; !utf8.empty(); is_first = false) {
    const std::size_t count = whole_characters(utf8, bytes_per_word);
    out += is_first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?";
    append_base64(out, utf8.substr(0, count));
    out += "?=";
    utf8.remove_prefix(count);
  }
}

}  // namespace otpd::mail
