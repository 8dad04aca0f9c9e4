#pragma once

#include <boost/system/result.hpp>
#include <string_view>

#include "otp/error.hpp"
#include "otp/recipient.hpp"

namespace otpd::otp {

// `text` as exactly one e-mail address, RFC 5321's Mailbox without the rare forms: the local part is a
// Dot-string of at most 64 bytes, the domain at least two labels of letters, digits and inner hyphens, each
// at most 63 bytes, 253 in all, the last not all digits; at most 254 bytes in all. An international domain is
// given in A-labels ("xn--…"). Address: local part as typed, domain in lower case. Mailbox: the local part up
// to its first '+' that is not at the front, in lower case, at the domain. Fails with
// errc::invalid_recipient, also for quoted local parts, comments, lists, address literals, white space,
// control characters and anything beyond ASCII.
[[nodiscard]] boost::system::result<recipient> parse_email(std::string_view text);

}  // namespace otpd::otp
