#pragma once

#include <string>
#include <vector>

namespace otpd::sms {

// How Twilio's receipts are believed.
struct twilio_receipt_options {
  std::string auth_token;  // the account's, also where an API key sends; empty: no receipts
  std::string public_url;  // where Twilio finds us: "https://otp.example.org", perhaps with a path that a
                           // proxy takes off again; without query; empty: no receipts
};

// How Vonage's receipts are believed.
struct vonage_receipt_options {
  std::string signature_secret;  // empty: by the token in the callback's URL
  std::string signature_method =
      "md5hash";  // md5hash | md5 | sha1 | sha256 | sha512; all but the first: HMAC
};

// A gateway's receipts by configuration alone. One of the two secrets; neither: no receipts.
struct http_receipt_options {
  std::string reference;  // where our reference stands: a JSON pointer ("/message/id") or a form field's name
  std::string status;     // where the status stands, in the same way
  std::vector<std::string> delivered;  // what it says then, in any case
  std::vector<std::string> failed;     // any other text: nothing new
  std::string webhook_secret;          // Standard Webhooks: "whsec_" and base64
  std::string secret_header;           // the header that carries `secret` as it is
  std::string secret;                  // at least 16 characters
};

}  // namespace otpd::sms
