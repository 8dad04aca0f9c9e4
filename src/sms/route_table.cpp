#include "sms/route_table.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace otpd::sms {

route_table::route_table(std::vector<route> routes) : routes_(std::move(routes)) {
  std::ranges::stable_sort(routes_, std::ranges::greater{}, [](const route& each) {
    return std::pair(!each.profile.empty(), each.prefix.size());
  });
}

const route* route_table::find(const otp::recipient& to, std::string_view profile) const noexcept {
  const auto found = std::ranges::find_if(routes_, [&](const route& each) {
    return each.channel == to.channel && (each.profile.empty() || each.profile == profile) &&
           to.address.starts_with(each.prefix);
  });
  return found == routes_.end() ? nullptr : &*found;
}

}  // namespace otpd::sms
