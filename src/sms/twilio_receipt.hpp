#pragma once

// Twilio's status callback: POST, a form with MessageSid, MessageStatus and whatever Twilio adds, signed by
//
//   X-Twilio-Signature: base64( HMAC-SHA1( auth token, URL name value name value ... ) )
//
// over the callback's URL as we gave it, query included, and the form's fields in byte order, each distinct
// pair once. Of a JSON body, the URL ends in bodySHA256=hex, which is what is signed, and there are no
// fields. https://www.twilio.com/docs/usage/security, and the validators in Twilio's own libraries.

#include <string>
#include <vector>

#include "net/form.hpp"
#include "sms/receipt.hpp"
#include "sms/receipt_options.hpp"

namespace otpd::sms {

// Our reference is the field `ref` of the callback's query, where the signature covers it. The signature has
// no time in it: a replay is told from the first one by nothing but that its news is old.
class twilio_receipt final : public receipt_reader {
 public:
  // Throws std::invalid_argument that begins with the option's name.
  explicit twilio_receipt(const twilio_receipt_options& options);

  [[nodiscard]] boost::system::result<receipt> read(const net::request& in,
                                                    std::chrono::sys_seconds now) const override;

 private:
  [[nodiscard]] bool is_signed(const net::request& in, const net::form& fields) const;

  std::string auth_token_;
  std::vector<std::string> bases_;  // the public URL with its port spelled and without
};

}  // namespace otpd::sms
