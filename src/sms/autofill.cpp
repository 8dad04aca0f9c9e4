#include "sms/autofill.hpp"

#include <algorithm>

#include "net/ascii.hpp"

namespace otpd::sms {

namespace {

using net::is_digit;

bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

bool is_label(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_lower(c) || c == '-'; });
}

}  // namespace

void autofill::open(std::string& out) const {
  if (!hash.empty()) out.append("<#> ");
}

void autofill::close(std::string& out, std::string_view code) const {
  if (!host.empty()) out.append("\n\n@").append(host).append(" #").append(code);
  if (!hash.empty()) out.append("\n").append(hash);
}

bool is_autofill_host(std::string_view text) noexcept {
  if (text.size() > 100) return false;
  std::size_t labels = 0;
  for (;;) {
    const std::size_t stop = std::min(text.find('.'), text.size());
    const std::string_view label = text.substr(0, stop);
    if (!is_label(label)) return false;
    ++labels;
    // A top level of digits would be an address.
    if (stop == text.size()) return labels > 1 && !std::all_of(label.begin(), label.end(), is_digit);
    text.remove_prefix(stop + 1);
  }
}

bool is_app_hash(std::string_view text) noexcept {
  return text.size() == 11 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z') || c == '+' || c == '/';
         });
}

}  // namespace otpd::sms
