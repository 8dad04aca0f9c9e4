#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "net/client_tls.hpp"
#include "sms/mshastra_options.hpp"
#include "sms/provider.hpp"

namespace otpd::sms {

// mShastra's JSON API. The vendor publishes no page of it; this is what independent clients agree on:
//
//   POST /sendsms_api_json.aspx, an array of one object for each message
//   [{"user":"U","pwd":"P","number":"255694230173","sender":"S","msg":"...","language":"English"|"Unicode"}]
//   200 and an array of one object for each number
//   [{"msg_id":"1","number":"255694230173","str_response":"Send Successful"}]
//
// The number goes without its '+'. The language is English if GSM 7-bit can carry the text. There is nowhere
// to put a callback, a reference or a lifetime.
//
// HTTP 200 proves nothing: each object's `str_response`, or `response`, decides, and the first that does not
// say "sent" speaks for all. A single object is read as an array of one.
//   a text                                failure_of_mshastra_text()
//   a 2xx that cannot be read so          unknown: refusals come as 200 as well, so it may have been sent
//   any other HTTP status                 failure_of_status()
class mshastra final : public provider {
 public:
  // Throws std::invalid_argument that begins with the option's name. With an https URL it needs `tls`.
  explicit mshastra(const mshastra_options& options, std::shared_ptr<const net::client_tls> tls = nullptr);

  [[nodiscard]] net::http_call encode(const rendered_message& message) const override;
  [[nodiscard]] verdict decode(const net::http_answer& answer) const override;

 private:
  net::http_call blank_;
  std::string head_;  // the body up to the number
  std::string sender_;
};

// What a text of an answer means; any case, found anywhere in it, and a refusal wins over a success:
//   misconfigured  "invalid password", "invalid profile id"
//   out_of_credit  "no more credits"
//   bad_number     "invalid mobile no"
//   none           "send successful", "message sent"
//   unknown        any other: nobody outside knows all of them, so it may be another word for success
[[nodiscard]] otp::failure failure_of_mshastra_text(std::string_view text);

}  // namespace otpd::sms
