#include "sms/outcome.hpp"

namespace otpd::sms {

using otp::failure;

failure failure_of(const boost::system::error_code& transport) noexcept {
  return net::request_not_sent(transport) ? failure::unavailable : failure::unknown;
}

failure failure_of_status(const net::http_answer& answer) noexcept {
  switch (answer.status) {
    case 401:
    case 403:
    case 405:
      return failure::misconfigured;
    case 402:
      return failure::out_of_credit;
    case 408:  // the provider never got a whole request (RFC 9110, 15.5.9)
    case 425:
      return failure::unavailable;
    case 429:
      return failure::rate_limited;
    case 503:
      return answer.field_value("retry-after").empty() ? failure::unknown : failure::unavailable;
    default:
      break;
  }
  if (answer.status >= 500) return failure::unknown;
  return answer.status >= 300 && answer.status < 400 ? failure::misconfigured : failure::rejected;
}

otp::delivery delivery_after(failure value) noexcept {
  if (value == failure::none) return otp::delivery::sent;
  return value == failure::unknown ? otp::delivery::unknown : otp::delivery::failed;
}

}  // namespace otpd::sms
