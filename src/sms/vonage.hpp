#pragma once

#include <memory>
#include <string>

#include "net/client_tls.hpp"
#include "sms/provider.hpp"
#include "sms/vonage_options.hpp"

namespace otpd::sms {

// Vonage's SMS API (https://developer.vonage.com/en/api/sms, Nexmo/api-specification definitions/sms.yml):
//
//   POST /sms/json, a form
//   api_key  api_secret  from  to  text  [type=unicode]  [ttl: ms, 20000..604800000]
//   [status-report-req=1  callback]  [client-ref]
//
// Numbers go without the '+', a sender that is one too. `type` is unicode if GSM 7-bit cannot carry the text.
// A lifetime of zero says nothing, and Vonage's own (72 hours) holds; a shorter one than 20 s is 20 s.
//
// HTTP 200 proves nothing: `messages` has one object for each part of the message, and only if there are as
// many as `message-count` says and the `status` of each is "0" it was sent. Otherwise the first part that was
// refused says why, even if another was taken: part of a message is of no use to anybody.
//   a refused part                        failure_of_vonage_status()
//   a 2xx that cannot be read so          unknown: refusals come as 200 as well, so it may have been sent
//   any other HTTP status                 failure_of_status()
class vonage final : public provider {
 public:
  // Throws std::invalid_argument that begins with the option's name. With an https URL it needs `tls`.
  explicit vonage(const vonage_options& options, std::shared_ptr<const net::client_tls> tls = nullptr);

  [[nodiscard]] net::http_call encode(const rendered_message& message) const override;
  [[nodiscard]] verdict decode(const net::http_answer& answer) const override;

 private:
  net::http_call blank_;  // its body has the credentials
  std::string from_;
};

// What a part's status means, `none` for 0 (https://developer.vonage.com/en/api-errors/sms):
//   rate_limited   1 throttled; 10 too many connections
//   unavailable    5 internal error
//   misconfigured  2 missing parameter; 4 credentials; 8 suspended; 11 not enabled for HTTP; 14 signature;
//                  15 sender; 23 callback; 29 demo account; 32 signature and secret
//   bad_number     3 invalid parameter; 6 no such prefix; 7 barred; 22 network; 33 deactivated
//   out_of_credit  9
//   rejected       12 too long; any other
[[nodiscard]] otp::failure failure_of_vonage_status(unsigned status) noexcept;

}  // namespace otpd::sms
