#pragma once

#include <string>

#include "sms/endpoint_options.hpp"

namespace otpd::sms {

// An account of Vonage's SMS API.
struct vonage_options {
  std::string api_key;
  std::string api_secret;
  std::string from;  // a number or a name
  endpoint_options endpoint{.url = "https://rest.nexmo.com"};
};

[[nodiscard]] option_check fault_of(const vonage_options& options);

}  // namespace otpd::sms
