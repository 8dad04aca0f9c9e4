#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <string_view>

#include "otp/channel.hpp"
#include "otp/ports.hpp"

namespace otpd::sms {

// One try to hand a message to a provider. It has no field for a code, a recipient or a text, so none gets
// into a log.
struct attempt {
  std::string_view provider;  // its name in the configuration
  otp::channel channel = otp::channel::sms;
  otp::failure failure = otp::failure::none;
  std::chrono::nanoseconds duration{0};
  unsigned status = 0;  // the provider's HTTP status; 0 if it did not answer or does not speak HTTP
  boost::system::error_code error;  // why it did not answer
};

// Metrics and logs. Called on the dispatcher's loop, once per attempt, before send() ends; views live as long
// as the call.
class observer {
 public:
  virtual ~observer() = default;
  virtual void on_attempt(const attempt& what) noexcept = 0;
};

}  // namespace otpd::sms
