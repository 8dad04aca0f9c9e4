#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>

#include "otp/channel.hpp"
#include "otp/error.hpp"
#include "otp/profile.hpp"

namespace otpd::otp {

// Who a code is sent to, in canonical form.
struct recipient {
  otp::channel channel = channel::sms;
  std::string address;  // E.164 with '+', or the e-mail address: local part as typed, domain in lower case
  std::string
      mailbox;  // what limits count: the address without its "+tag", in lower case; for a phone the address
  std::string country;  // ISO 3166 code of a phone, "001" for a global service; empty for e-mail
};

// `text` as a phone number (no '@') or an e-mail address. `default_region` is an ISO 3166 code or empty; then
// a phone must be in international form. Fails with errc::invalid_recipient. At most 254 bytes are looked at;
// longer is refused.
[[nodiscard]] boost::system::result<recipient> parse_recipient(std::string_view text,
                                                               std::string_view default_region,
                                                               numbers taken = numbers::valid);
// An address that was a recipient's before. The plan may have changed since, or its profile takes more.
[[nodiscard]] boost::system::result<recipient> parse_address(std::string_view address);

// "+1*********23", "j***@example.com": fit for a log and an answer.
[[nodiscard]] std::string mask(const recipient& who);

}  // namespace otpd::otp
