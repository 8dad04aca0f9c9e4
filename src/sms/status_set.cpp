#include "sms/status_set.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>

namespace otpd::sms {

namespace {

unsigned parse_status(std::string_view text) {
  unsigned status = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), status);
  const bool good = ec == std::errc{} && end == text.data() + text.size() && status >= 100 && status <= 599;
  if (!good) throw std::invalid_argument("not an HTTP status: " + std::string{text});
  return status;
}

}  // namespace

status_set::status_set(std::string_view text) {
  std::string_view rest = text;
  do {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view item = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    while (item.starts_with(' '))
      item.remove_prefix(1);
    while (item.ends_with(' '))
      item.remove_suffix(1);

    const std::size_t dash = item.find('-');
    unsigned first = 0;
    unsigned last = 0;
    if (item.size() == 3 && item.ends_with("xx")) {
      first = parse_status(std::string{item.substr(0, 1)} + "00");
      last = first + 99;
    } else {
      first = parse_status(item.substr(0, dash));
      last = dash == std::string_view::npos ? first : parse_status(item.substr(dash + 1));
    }
    if (first > last) throw std::invalid_argument("an empty range of statuses: " + std::string{item});
    for (unsigned status = first; status <= last; ++status)
      set_.set(status);
  } while (!rest.empty());
}

status_set status_set::all() noexcept {
  status_set out;
  out.set_.set();
  return out;
}

}  // namespace otpd::sms
