#pragma once

#include <string>

#include "sms/endpoint_options.hpp"

namespace otpd::sms {

// An account of Twilio's Messages API.
struct twilio_options {
  std::string account_sid;            // AC and 32 hex digits
  std::string auth_token;             // the account's; or
  std::string api_key_sid;            // SK and 32 hex digits, with
  std::string api_key_secret;         // its secret
  std::string from;                   // a number, a short code or a name; or
  std::string messaging_service_sid;  // MG and 32 hex digits: the service chooses the sender
  endpoint_options endpoint{.url = "https://api.twilio.com"};
};

[[nodiscard]] option_check fault_of(const twilio_options& options);

}  // namespace otpd::sms
