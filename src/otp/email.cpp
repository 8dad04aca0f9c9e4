#include "otp/email.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace otpd::otp {
namespace {

constexpr std::size_t max_address = 254;  // RFC 5321 4.5.3.1.3, less the angle brackets
constexpr std::size_t max_local_part = 64;
constexpr std::size_t max_domain = 253;
constexpr std::size_t max_label = 63;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
// RFC 5322 3.2.3
constexpr bool is_atext(char c) {
  return is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}
constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return lower(c); });
  return result;
}

// Calls `good` for each part between the dots; false once it is.
template <class Predicate>
bool all_parts(std::string_view text, Predicate good) {
  while (true) {
    const auto dot = text.find('.');
    if (!good(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_dot_string(std::string_view text) {
  return text.size() <= max_local_part && all_parts(text, [](std::string_view atom) {
           return !atom.empty() && std::ranges::all_of(atom, is_atext);
         });
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= max_label && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
  if (text.size() > max_domain || !all_parts(text, is_label)) return false;
  const auto dot = text.rfind('.');
  return dot != std::string_view::npos && !std::ranges::all_of(text.substr(dot + 1), is_digit);
}

std::string_view without_tag(std::string_view local_part) {
  return local_part.substr(0, local_part.find('+', 1));
}

}  // namespace

boost::system::result<recipient> parse_email(std::string_view text) {
  const auto at = text.find('@');
  if (text.size() > max_address || at == std::string_view::npos) return errc::invalid_recipient;
  const auto local_part = text.substr(0, at);
  const auto typed_domain = text.substr(at + 1);
  if (!is_dot_string(local_part) || !is_domain(typed_domain)) return errc::invalid_recipient;

  const std::string domain = "@" + lower(typed_domain);
  recipient result;
  result.channel = channel::email;
  result.address = std::string(local_part) + domain;
  result.mailbox = lower(without_tag(local_part)) + domain;
  return result;
}

}  // namespace otpd::otp
