#include "json/writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace otpd::json {

namespace {

constexpr bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

void append_escaped(std::string& out, std::string_view value) {
  constexpr std::string_view hex = "0123456789abcdef";
  while (!value.empty()) {
    // Nearly always all of it.
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(value, is_plain) - value.begin());
    out += value.substr(0, plain);
    if (plain == value.size()) return;
    const char c = value[plain];
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += '\\';
      out += c;
    }
    value.remove_prefix(plain + 1);
  }
}

// The low `width` decimal digits of `value`, ending before `end`.
void put_digits(char* end, unsigned value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i, value /= 10)
    *--end = static_cast<char>('0' + value % 10);
}

}  // namespace

void writer::name(std::string_view name) {
  if (!first_) out_ += ',';
  first_ = false;
  out_ += '"';
  out_ += name;
  out_ += "\":";
}

void writer::quoted(std::string_view value) {
  out_ += '"';
  append_escaped(out_, value);
  out_ += '"';
}

void writer::text(std::string_view key, std::string_view value) {
  name(key);
  quoted(value);
}

void writer::text_or_null(std::string_view key, std::string_view value) {
  if (!value.empty()) return text(key, value);
  name(key);
  out_ += "null";
}

void writer::texts(std::string_view key, std::span<const std::string_view> values) {
  name(key);
  char separator = '[';
  for (const std::string_view each : values) {
    out_ += separator;
    quoted(each);
    separator = ',';
  }
  out_ += values.empty() ? "[]" : "]";
}

void writer::number(std::string_view key, std::int64_t value) {
  name(key);
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out_.append(digits.data(), end.ptr);
}

void writer::boolean(std::string_view key, bool value) {
  name(key);
  out_ += value ? "true" : "false";
}

void writer::time(std::string_view key, std::optional<std::int64_t> unix_ms) {
  name(key);
  if (!unix_ms) {
    out_ += "null";
    return;
  }
  const std::chrono::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds{*unix_ms}};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(moment - day)};
  std::array<char, 22> text{'"', '0', '0', '0', '0', '-', '0', '0', '-', '0', '0',
                            'T', '0', '0', ':', '0', '0', ':', '0', '0', 'Z', '"'};
  put_digits(text.data() + 5, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  put_digits(text.data() + 8, static_cast<unsigned>(date.month()), 2);
  put_digits(text.data() + 11, static_cast<unsigned>(date.day()), 2);
  put_digits(text.data() + 14, static_cast<unsigned>(clock.hours().count()), 2);
  put_digits(text.data() + 17, static_cast<unsigned>(clock.minutes().count()), 2);
  put_digits(text.data() + 20, static_cast<unsigned>(clock.seconds().count()), 2);
  out_.append(text.data(), text.size());
}

}  // namespace otpd::json
