#pragma once

#include <cstdint>

#include "mail/smtp_reply.hpp"
#include "otp/ports.hpp"

namespace otpd::mail {

// What a refusal was the answer to.
enum class smtp_stage : std::uint8_t {
  opening,    // the greeting, EHLO, STARTTLS: no word of the message was said yet
  login,      // AUTH
  sender,     // MAIL FROM
  recipient,  // RCPT TO
  content,    // DATA and what follows it
};

// What a 4xx or 5xx means. In this order:
//   421 450 451 452 with x.7.x   rate_limited   policy asks for patience
//   at the opening               unavailable
//   5xx of AUTH, 530 534 535 538 misconfigured  credentials
//   x.1.0 .1 .2 .3 .6 .10, x.2.1, x.2.2         bad_number: the mailbox is not there, off or full
//   x.1.7, x.1.8                 misconfigured  the sender's address
//   4xx                          unavailable
//   5xx of RCPT                  not_permitted with 5.7.x, else bad_number
//   5xx                          rejected
// x.1.y and x.2.y count for a recipient once one was named, 5xx or not: a full mailbox is not the server's
// failure. The server has not taken the message in any of these cases (RFC 5321, 4.2.5).
[[nodiscard]] otp::failure failure_of(smtp_stage stage, const smtp_reply& reply) noexcept;

}  // namespace otpd::mail
