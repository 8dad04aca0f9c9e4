#include "sms/route_table.hpp"

#include <algorithm>

namespace otpd::sms {

route_table::route_table(std::vector<route> routes) : routes_(std::move(routes)) {
  std::ranges::stable_sort(routes_, std::ranges::greater{}, [](const route& each) { return each.prefix.size(); });
}

const route* route_table::find(const otp::recipient& to) const noexcept {
  const auto found = std::ranges::find_if(routes_, [&](const route& each) {
    return each.channel == to.channel && to.address.starts_with(each.prefix);
  });
  return found == routes_.end() ? nullptr : &*found;
}

bool route_table::serves(otp::channel kind) const noexcept {
  return std::ranges::any_of(routes_, [kind](const route& each) { return each.channel == kind; });
}

}  // namespace otpd::sms
