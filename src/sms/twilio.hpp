#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/client_tls.hpp"
#include "sms/provider.hpp"
#include "sms/twilio_options.hpp"

namespace otpd::sms {

// Twilio's Messages API, version 2010-04-01 (https://www.twilio.com/docs/messaging/api/message-resource):
//
//   POST /2010-04-01/Accounts/{account_sid}/Messages.json, Basic authentication, a form
//   To  From|MessagingServiceSid  Body  [StatusCallback]  [ValidityPeriod: seconds, 1..36000]
//
// A sender of the shape of a messaging service's SID is sent as MessagingServiceSid. A lifetime of zero says
// nothing, and Twilio's own validity (10 hours) holds.
//
// Only 201 with a `sid` that is not empty and an `error_code` of null means sent. Otherwise, in this order:
//   201 with a number in `error_code`     failure_of_twilio_code(); rejected if it does not know the code
//   201 without a sid, any other 2xx      unknown: a message may exist
//   429                                   rate_limited
//   other 4xx with a `code` that is known failure_of_twilio_code()
//   else                                  failure_of_status()
class twilio final : public provider {
 public:
  // Throws std::invalid_argument that begins with the option's name. With an https URL it needs `tls`.
  explicit twilio(const twilio_options& options, std::shared_ptr<const net::client_tls> tls = nullptr);

  [[nodiscard]] net::http_call encode(const rendered_message& message) const override;
  [[nodiscard]] verdict decode(const net::http_answer& answer) const override;

 private:
  net::http_call blank_;
  std::string sender_;  // number, name, or messaging service
};

// What one of Twilio's error codes means (https://www.twilio.com/docs/api/errors), `none` if it is not among
// these:
//   bad_number     21211 21217 invalid; 21214 21610 unreachable, unsubscribed; 21612 21614 21635 not by SMS;
//                  30003 30004 30005 30006 unreachable, blocked, unknown, landline
//   not_permitted  21408 no permission for the region
//   misconfigured  20003 20005 20403 20404 credentials, account; 21212 21601 21603 21606 21607 21659 21660
//                  21661 sender; 21608 trial account; 21609 callback; 21701 21703 21704 21705 messaging
//                  service; 30002 suspended; 30032 30034 unregistered sender
//   rate_limited   14107 20429 21611 30001 30022 30023
//   rejected       21602 21604 21605 21617 21619 body; 30007 filtered; 30008 without a reason
//   unavailable    21730 maintenance
[[nodiscard]] otp::failure failure_of_twilio_code(unsigned code) noexcept;

}  // namespace otpd::sms
