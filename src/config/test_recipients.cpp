#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "config/sections.hpp"
#include "config/text.hpp"
#include "otp/recipient.hpp"

namespace otpd {
namespace {

using otp::test_recipient;
using value = config_value;

constexpr std::size_t max_rules = 100;

std::string read_address(const value& v) {
  const std::string text = v.text(1, 254);
  const auto to = otp::parse_recipient(text, {});
  if (!to)
    v.refuse(in_quotes(text) + " is neither a phone number such as \"+12125550123\" nor an e-mail address");
  return to->address;
}

std::string read_code(const value& v) {
  std::string text = v.text(1, 10);
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
  if (!plain || text.size() < 4) v.refuse("must be 4 to 10 letters or digits");
  return text;
}

// Midnight UTC at the beginning of the day.
otp::instant read_day(const value& v) {
  const std::string text = v.text(1, 100);
  int year = 0;
  unsigned month = 0, day = 0;
  const auto read = [&](std::size_t from, std::size_t size, auto& into) {
    const auto end = text.data() + from + size;
    const auto [at, error] = std::from_chars(text.data() + from, end, into);
    return error == std::errc() && at == end;
  };
  const bool formed = text.size() == 10 && text[4] == '-' && text[7] == '-' && read(0, 4, year) &&
                      read(5, 2, month) && read(8, 2, day);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!formed || !date.ok()) v.refuse(in_quotes(text) + " is not a day such as \"2027-06-30\"");
  return otp::instant{std::chrono::sys_days(date).time_since_epoch()};
}

constexpr std::array<config_key<test_recipient>, 3> keys{{
    {"to", [](const value& v, test_recipient& t) { t.address = read_address(v); }},
    {"code", [](const value& v, test_recipient& t) { t.code = read_code(v); }},
    {"expires", [](const value& v, test_recipient& t) { t.expires = read_day(v); }},
}};

}  // namespace

void read_test_recipients(const config_value& array, config& out) {
  for (const auto& element : array.elements()) {
    test_recipient rule;
    read_table(element, keys, rule);
    for (const char* required : {"to", "code", "expires"})
      if (!element.at(required).is_written()) element.at(required).refuse("is missing");
    if (std::ranges::count(out.test_recipients, rule.address, &test_recipient::address) > 0)
      element.at("to").refuse("is there twice");
    if (out.test_recipients.size() == max_rules) element.refuse("is one of more than 100");
    out.warnings.push_back(element.at("to").located("is a test recipient: its code is in this file"));
    out.test_recipients.push_back(std::move(rule));
  }
}

void list_test_recipient_keys(std::vector<std::string>& out) {
  list_keys("test_recipients", keys, out);
}

}  // namespace otpd
