#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "otp/ports.hpp"
#include "sms/provider.hpp"
#include "task.hpp"

namespace otpd::sms {

// What came of one attempt to hand a message to a provider.
struct handover {
  otp::failure failure = otp::failure::unknown;  // none: the provider accepted the message
  std::string message_id;           // the provider's name for it, if it told one; at most 128 bytes
  unsigned status = 0;              // its HTTP status or SMTP reply; 0 if it did not answer or speaks neither
  boost::system::error_code error;  // why it did not answer
  std::optional<std::chrono::seconds> retry_after;  // it asks to be left alone for so long
  bool begun = true;  // false: it never left us, so this says nothing of the provider. Then `unavailable`
};

// How messages reach one provider from one event loop. Not thread-safe; its tasks end before it does.
class carrier {
 public:
  virtual ~carrier() = default;
  // One attempt, over within `bound` and within the provider's own time-outs, whatever happens. Resumes on
  // the loop that awaited it. `message` and what it views live until the task ends.
  virtual task<handover> hand_over(const rendered_message& message, std::chrono::milliseconds bound) = 0;
};

}  // namespace otpd::sms
