#include "mail/smtp_outcome.hpp"

#include <gtest/gtest.h>

namespace otpd::mail {
namespace {

using otp::failure;
using stage = smtp_stage;

smtp_reply reply(unsigned code, const std::string& text = "") {
  smtp_reply out;
  out.code = code;
  out.text = text + "\n";
  out.status = parse_enhanced_status(out.text);
  return out;
}

struct row {
  stage at;
  unsigned code;
  std::string text;
  otp::failure expected;
};

// Replies as Postfix, Exim, Exchange Online, Gmail and Amazon SES document them.
TEST(SmtpOutcome, RepliesMeanThis) {
  const std::vector<row> table{
      // The server itself.
      {stage::opening, 421, "4.3.2 Service not available", failure::unavailable},
      {stage::opening, 421, "4.7.0 Too many connections", failure::rate_limited},
      {stage::opening, 421, "", failure::unavailable},
      {stage::opening, 554, "5.7.1 blocked", failure::unavailable},
      {stage::opening, 502, "", failure::unavailable},
      // Us.
      {stage::login, 535, "5.7.8 Username and Password not accepted", failure::misconfigured},
      {stage::login, 535, "", failure::misconfigured},
      {stage::login, 534, "5.7.9 Application-specific password required", failure::misconfigured},
      {stage::login, 504, "", failure::misconfigured},
      {stage::login, 454, "4.7.0 Temporary authentication failure", failure::unavailable},
      {stage::login, 421, "4.7.0 Too many login attempts", failure::rate_limited},
      {stage::login, 432, "4.7.12 A password transition is needed", failure::unavailable},
      {stage::sender, 530, "5.7.0 Authentication required", failure::misconfigured},
      {stage::recipient, 530, "5.7.1 Client was not authenticated", failure::misconfigured},
      {stage::sender, 553, "5.1.8 Sender address rejected: domain not found", failure::misconfigured},
      {stage::sender, 501, "5.1.7 Bad sender address syntax", failure::misconfigured},
      {stage::sender, 550, "5.7.1 sender denied", failure::rejected},
      {stage::sender, 552, "5.3.4 too big", failure::rejected},
      {stage::sender, 452, "4.3.1 Insufficient system storage", failure::unavailable},
      {stage::sender, 451, "4.7.0 try later", failure::rate_limited},
      {stage::sender, 450, "4.7.1 slow down", failure::rate_limited},
      {stage::sender, 454, "Throttling failure: Maximum sending rate exceeded.", failure::unavailable},
      // The recipient.
      {stage::recipient, 550, "5.1.1 User unknown", failure::bad_number},
      {stage::recipient, 550, "No such user here", failure::bad_number},
      {stage::recipient, 556, "5.1.10 Recipient address has null MX", failure::bad_number},
      {stage::recipient, 552, "5.2.2 Mailbox full", failure::bad_number},
      {stage::recipient, 452, "4.2.2 The recipient's inbox is out of storage", failure::bad_number},
      {stage::recipient, 552, "", failure::bad_number},
      {stage::recipient, 550, "5.7.1 Relaying denied", failure::not_permitted},
      {stage::recipient, 450, "4.2.0 Greylisted", failure::unavailable},
      {stage::recipient, 451, "4.7.1 Greylisting in action", failure::rate_limited},
      {stage::recipient, 450, "", failure::unavailable},
      {stage::recipient, 452, "", failure::unavailable},
      {stage::recipient, 450, "4.1.8 Sender address: domain not found", failure::misconfigured},
      // The message.
      {stage::content, 550, "5.7.1 looks like spam", failure::rejected},
      {stage::content, 554, "Transaction failed", failure::rejected},
      {stage::content, 552, "5.3.4 Message too big", failure::rejected},
      {stage::content, 550, "5.1.1 User unknown", failure::bad_number},
      {stage::content, 552, "5.2.2 Over quota", failure::bad_number},
      {stage::content, 451, "4.3.0 Local error", failure::unavailable},
      {stage::content, 452, "4.7.0 Daily quota", failure::rate_limited},
      {stage::content, 421, "", failure::unavailable},
  };
  for (const auto& [at, code, text, expected] : table)
    EXPECT_EQ(failure_of(at, reply(code, text)), expected) << code << ' ' << text << " at " << int(at);
}

// Every refusal is one: never `none`, and never `unknown`, for the server has said that it does not have it.
TEST(SmtpOutcome, NoRefusalLeavesADoubt) {
  for (const stage at : {stage::opening, stage::login, stage::sender, stage::recipient, stage::content}) {
    for (unsigned code = 400; code < 560; ++code) {
      for (int subject = 0; subject < 9; ++subject) {
        for (int detail = 0; detail < 12; ++detail) {
          const auto text =
              std::to_string(code / 100) + "." + std::to_string(subject) + "." + std::to_string(detail);
          const failure what = failure_of(at, reply(code, text));
          ASSERT_NE(what, failure::none);
          ASSERT_NE(what, failure::unknown);
        }
      }
    }
  }
}

}  // namespace
}  // namespace otpd::mail
