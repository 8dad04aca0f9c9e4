#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>

#include "sms/provider.hpp"

namespace otpd::mail {

// Who a message is from.
struct mail_author {
  std::string_view address;
  std::string_view name;  // UTF-8; may be empty
};

// One message of RFC 5322, ready for DATA but for its dots: lines end with CRLF, the last one too, none is
// longer than 76 characters unless an address is, and all of it is ASCII. With html it is a
// multipart/alternative of both. `unique` stands in for an empty message.reference in the Message-ID:
// characters of base64url.
//
//   From To [Subject] Date Message-ID MIME-Version Auto-Submitted Content-Type [Content-Transfer-Encoding]
//
// Fails with errc::invalid_argument, whatever the reason: an address that otp::parse_email refuses, a subject
// or a name with a control character or one that is not UTF-8, a reference of other characters. So no value
// ever ends its line.
[[nodiscard]] boost::system::result<std::string> write_message(const mail_author& author,
                                                               const sms::rendered_message& message,
                                                               std::string_view unique);

// True for UTF-8 without control characters (C0, DEL, C1, the line and paragraph separators): what a header
// can carry.
[[nodiscard]] bool is_header_text(std::string_view utf8) noexcept;

}  // namespace otpd::mail
