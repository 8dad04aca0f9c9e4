#include "otp/recipient.hpp"

#include <array>
#include <cstddef>

#include "otp/email.hpp"
#include "otp/phone.hpp"

namespace otpd::otp {
namespace {

constexpr std::size_t max_text = 254;

// Calling codes of one and two digits (ITU-T E.164 annex, stable since 1999); all others have three.
constexpr std::string_view one_digit = "17";
constexpr std::array<std::string_view, 10> two_digit_by_first{
    "", "", "07", "0123469", "013456789", "12345678", "0123456", "", "1246", "0123458"};

std::size_t calling_code_length(std::string_view digits) {
  if (digits.size() < 2 || one_digit.find(digits[0]) != std::string_view::npos) return 1;
  const auto first = static_cast<std::size_t>(digits[0] - '0');
  return first < 10 && two_digit_by_first[first].find(digits[1]) != std::string_view::npos ? 2 : 3;
}

std::string mask_phone(std::string_view address) {
  constexpr std::size_t shown_at_end = 2;
  const auto digits = address.substr(address.starts_with('+') ? 1 : 0);
  const std::size_t code = calling_code_length(digits);
  // An address that was parsed has 7 digits at least.
  if (digits.size() < code + shown_at_end + 1) return "***";
  std::string result("+");
  result.append(digits.substr(0, code));
  result.append(digits.size() - code - shown_at_end, '*');
  result.append(digits.substr(digits.size() - shown_at_end));
  return result;
}

std::string mask_email(std::string_view address) {
  const auto at = address.rfind('@');
  if (at == std::string_view::npos || at == 0) return "***";
  std::string result(1, address.front());
  result.append("***");
  result.append(address.substr(at));
  return result;
}

}  // namespace

boost::system::result<recipient> parse_recipient(std::string_view text, std::string_view default_region,
                                                 numbers taken) {
  if (text.size() > max_text) return errc::invalid_recipient;
  if (text.find('@') != std::string_view::npos) return parse_email(text);
  return parse_phone(text, default_region, taken);
}

boost::system::result<recipient> parse_address(std::string_view address) {
  return parse_recipient(address, {}, numbers::possible);
}

std::string mask(const recipient& who) {
  return who.channel == channel::sms ? mask_phone(who.address) : mask_email(who.address);
}

}  // namespace otpd::otp
