#include "http_text.hpp"

#include <charconv>
#include <cstring>

namespace otpd::bench {
namespace {

// `lower` is in lower case and consists of letters and '-'.
bool starts_with_name(std::string_view line, std::string_view lower) {
  if (line.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); i++) {
    if ((line[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

constexpr std::string_view length_name = "content-length:";
constexpr std::string_view connection_name = "connection:";
constexpr std::string_view coding_name = "transfer-encoding:";

// Where the value after `"name":` begins; npos when there is none.
std::size_t value_of(std::string_view json, std::string_view name) {
  for (std::size_t at = 0; (at = json.find(name, at)) != std::string_view::npos; at += name.size()) {
    std::size_t after = at + name.size();
    if (at == 0 || json[at - 1] != '"' || after >= json.size() || json[after] != '"') continue;
    after++;
    while (after < json.size() && (json[after] == ' ' || json[after] == ':'))
      after++;
    return after;
  }
  return std::string_view::npos;
}

}  // namespace

int http_text::status() const {
  if (!start_line.starts_with("HTTP/1.1 ") || start_line.size() < 12) return 0;
  int code = 0;
  std::from_chars(start_line.data() + 9, start_line.data() + 12, code);
  return code;
}

framing frame(std::string_view input, http_text& message) {
  const void* end = memmem(input.data(), input.size(), "\r\n\r\n", 4);
  if (end == nullptr) return framing::need_more;
  const auto head_size = static_cast<std::size_t>(static_cast<const char*>(end) - input.data());
  std::string_view head = input.substr(0, head_size + 2);
  http_text found;
  std::size_t line_end = head.find("\r\n");
  found.start_line = head.substr(0, line_end);
  std::size_t length = 0;
  for (head.remove_prefix(line_end + 2); !head.empty(); head.remove_prefix(line_end + 2)) {
    line_end = head.find("\r\n");
    const std::string_view line = head.substr(0, line_end);
    if (starts_with_name(line, length_name)) {
      const std::string_view digits = trimmed(line.substr(length_name.size()));
      const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
      if (error != std::errc{} || rest != digits.data() + digits.size()) return framing::malformed;
    } else if (starts_with_name(line, connection_name)) {
      found.closes = starts_with_name(trimmed(line.substr(connection_name.size())), "close");
    } else if (starts_with_name(line, coding_name)) {
      return framing::malformed;
    }
  }
  found.size = head_size + 4 + length;
  if (found.size > input.size()) return framing::need_more;
  found.body = input.substr(head_size + 4, length);
  message = found;
  return framing::complete;
}

std::optional<std::string_view> string_member(std::string_view json, std::string_view name) {
  const std::size_t at = value_of(json, name);
  if (at == std::string_view::npos || at >= json.size() || json[at] != '"') return std::nullopt;
  const std::size_t end = json.find('"', at + 1);
  if (end == std::string_view::npos) return std::nullopt;
  return json.substr(at + 1, end - at - 1);
}

std::optional<bool> valid_member(std::string_view json) {
  const std::size_t at = value_of(json, "valid");
  if (at == std::string_view::npos) return std::nullopt;
  if (json.substr(at).starts_with("true")) return true;
  if (json.substr(at).starts_with("false")) return false;
  return std::nullopt;
}

}  // namespace otpd::bench
