#include "net/request_target.hpp"

#include <algorithm>
#include <cstdlib>

#include "net/ascii.hpp"

namespace otpd::net {
namespace {

constexpr bool is_name_char(char c) noexcept {
  const char l = to_lower(c);
  return (l >= 'a' && l <= 'z') || is_digit(c) ||
         std::string_view("-._~!$&'()*+,;=%").find(c) != std::string_view::npos;
}

constexpr bool is_literal_char(char c) noexcept {
  const char l = to_lower(c);
  return is_digit(c) || (l >= 'a' && l <= 'f') || c == ':' || c == '.';
}

bool is_port(std::string_view text) noexcept {
  if (text.size() > 5 || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  unsigned port = 0;
  for (const char c : text)
    port = port * 10 + static_cast<unsigned>(c - '0');
  return port <= 65535;
}

std::string_view without_scheme(std::string_view target) noexcept {
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    if (equal_without_case(target.substr(0, scheme.size()), scheme)) return target.substr(scheme.size());
  }
  return {};
}

}  // namespace

bool is_valid_authority(std::string_view text) noexcept {
  std::size_t host_end = 0;
  if (text.starts_with('[')) {
    const auto bracket = text.find(']');
    if (bracket == text.npos || bracket < 3) return false;
    const auto literal = text.substr(1, bracket - 1);
    if (!std::all_of(literal.begin(), literal.end(), is_literal_char)) return false;
    host_end = bracket + 1;
  } else {
    host_end = std::min(text.find(':'), text.size());
    if (host_end == 0) return false;
    if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(host_end), is_name_char))
      return false;
  }
  if (host_end == text.size()) return true;
  return text[host_end] == ':' && is_port(text.substr(host_end + 1));
}

std::optional<request_target> split_target(method m, std::string_view target) noexcept {
  const auto plain = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
  if (target.empty() || !std::all_of(target.begin(), target.end(), plain)) return std::nullopt;

  request_target parts;
  std::string_view rest = target;
  if (target == "*") {
    if (m != method::options) return std::nullopt;
    parts.path = target;
    return parts;
  }
  if (target.front() != '/') {
    rest = without_scheme(target);
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    parts.authority = rest.substr(0, end);
    if (!is_valid_authority(parts.authority)) return std::nullopt;
    rest.remove_prefix(end);
  }
  const auto mark = std::min(rest.find('?'), rest.size());
  parts.path = mark == 0 ? std::string_view("/") : rest.substr(0, mark);
  if (mark < rest.size()) parts.query = rest.substr(mark + 1);
  return parts;
}

}  // namespace otpd::net
