#pragma once

#include <string>

#include "sms/endpoint_options.hpp"

namespace otpd::sms {

// A profile at mShastra.
struct mshastra_options {
  std::string user;
  std::string password;
  std::string sender;  // the approved sender name
  endpoint_options endpoint{.url = "https://mshastra.com"};
};

[[nodiscard]] option_check fault_of(const mshastra_options& options);

}  // namespace otpd::sms
