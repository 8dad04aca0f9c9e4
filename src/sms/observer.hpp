#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <string_view>

#include "otp/channel.hpp"
#include "otp/ports.hpp"
#include "sms/circuit_breaker.hpp"

namespace otpd::sms {

// One try to hand a message to a provider. It has no field for a code, a recipient or a text, so none gets
// into a log.
struct attempt {
  std::string_view provider;  // its name in the configuration
  otp::channel channel = otp::channel::sms;
  std::string_view country;  // recipient::country
  otp::failure failure = otp::failure::none;
  std::chrono::nanoseconds duration{0};
  unsigned number = 1;  // of this message's attempts
  unsigned status = 0;  // the provider's HTTP status or SMTP reply; 0 if it did not answer or speaks neither
  boost::system::error_code error;  // why it did not answer
};

// Metrics and logs. Called on the dispatcher's loop; views live as long as the call.
class observer {
 public:
  virtual ~observer() = default;
  // Once per attempt, before send() ends.
  virtual void on_attempt(const attempt& what) noexcept = 0;
  // A breaker of this provider: its own, or one of its countries'.
  virtual void on_breaker(std::string_view provider, bool of_country,
                          const breaker_change& what) noexcept = 0;
  // A message may have been sent twice.
  virtual void on_possible_duplicate(otp::channel kind) noexcept = 0;
  // The code of a message that this provider had accepted was entered.
  virtual void on_conversion(std::string_view provider, std::string_view country) noexcept = 0;
};

}  // namespace otpd::sms
