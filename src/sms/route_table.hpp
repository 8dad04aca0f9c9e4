#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "otp/recipient.hpp"

namespace otpd::sms {

// By whom the messages of some recipients go out.
struct route {
  otp::channel channel = otp::channel::sms;
  std::string prefix;                  // of E.164, "+49"; empty: every recipient of the channel
  std::vector<std::size_t> providers;  // numbers of outlets, in the order of asking; empty: nothing is sent
  std::string from;                    // the sender that they are asked to show; empty: their own
  std::string profile = {};            // whose messages; empty: every profile's
};

// All routes. Immutable, shared by every loop.
class route_table {
 public:
  route_table() = default;
  explicit route_table(std::vector<route> routes);

  // Of the profile's own routes, or else of those for every profile, the one with the longest prefix of the
  // recipient's address; of equal ones the first. Null if there is none: the channel is off.
  [[nodiscard]] const route* find(const otp::recipient& to, std::string_view profile) const noexcept;
  [[nodiscard]] const std::vector<route>& all() const noexcept { return routes_; }

 private:
  std::vector<route> routes_;  // those of a profile first, and longest prefix first
};

}  // namespace otpd::sms
