#include "sms/call_outcome.hpp"

namespace otpd::sms {

call_result counts_as(otp::failure failure) noexcept {
  switch (failure) {
    case otp::failure::none:
      return call_result::success;
    case otp::failure::unavailable:
    case otp::failure::unknown:
    case otp::failure::rate_limited:
    // Conditions of our account with the provider, not of a message: the next message meets the same answer,
    // until somebody pays or repairs the configuration. Open, it costs the messages nothing meanwhile, and
    // the probes notice the repair.
    case otp::failure::out_of_credit:
    case otp::failure::misconfigured:
      return call_result::failure;
    case otp::failure::bad_number:
    case otp::failure::not_permitted:
    case otp::failure::rejected:
      return call_result::neutral;
  }
  return call_result::neutral;
}

}  // namespace otpd::sms
