// The conversation by scripts, without a network, and every step of each failing once in every way.

#include "mail/smtp_session.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "mail/smtp_error.hpp"

namespace otpd::mail {
namespace {

using otp::failure;

// What the client says, or "" if it only listens, or "TLS" for a handshake, and what it hears then; nothing
// if what follows is said at once.
struct line {
  std::string says;
  std::string hears;
};
using script = std::vector<line>;

smtp_reply reply(const std::string& text) {
  smtp_reply_parser parser;
  const std::string all = text + "\r\n";
  std::string_view bytes = all;
  EXPECT_EQ(parser.feed(bytes), smtp_reply_parser::step::done) << text;
  return parser.reply();
}

smtp_options options_for(smtp_security security, bool with_user = true) {
  smtp_options out;
  out.security = security;
  out.helo = "me.example";
  if (with_user) out.user = "user", out.password = "pass";
  return out;
}

const std::string content = "Subject: x\r\n\r\n.a\r\nb.\r\n..\r\n";
const std::string stuffed = "Subject: x\r\n\r\n..a\r\nb.\r\n...\r\n";

const script delivery{{"MAIL FROM:<a@b.example>\r\n", "250 2.1.0 Ok"},
                      {"RCPT TO:<c@d.example>\r\n", "250 2.1.5 Ok"},
                      {"DATA\r\n", "354 go"},
                      {stuffed, ""},
                      {".\r\n", "250 2.0.0 Ok: queued as 4F2B"}};

script operator+(script a, const script& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Plays one line. `instead` is heard in place of what the script says; "-" is the end of the connection.
smtp_step play(smtp_session& session, smtp_step step, const line& each, const std::string* instead) {
  const bool breaks = instead && *instead == "-";
  if (each.says == "TLS") {
    EXPECT_EQ(step, smtp_step::encrypt);
    return breaks ? session.on_broken(smtp_errc::tls_failed) : session.on_encrypted();
  }
  if (!each.says.empty()) {
    EXPECT_EQ(step, smtp_step::send);
    EXPECT_EQ(session.output(), each.says);
    step = breaks && each.hears.empty() ? session.on_broken(smtp_errc::reset) : session.on_sent();
    if (each.hears.empty()) return step;
  }
  EXPECT_EQ(step, smtp_step::receive);
  if (breaks) return session.on_broken(smtp_errc::reset);
  return session.on_reply(reply(instead ? *instead : each.hears));
}

struct ending {
  smtp_step step;
  sms::handover result;
};

// The opening, then a delivery if it got that far. Line `fails` hears `instead`.
ending run(const smtp_options& options, const script& opening, std::size_t fails = 1000,
           const std::string& instead = "-") {
  smtp_session session{options};
  smtp_step step = session.open();
  std::size_t number = 0;
  const script whole = opening + delivery;
  for (const auto& each : whole) {
    if (step == smtp_step::ready && number == opening.size())
      step = session.begin("a@b.example", "c@d.example", content);
    step = play(session, step, each, number == fails ? &instead : nullptr);
    if (number++ == fails) break;
  }
  return {step, session.result()};
}

struct scenario {
  std::string name;
  smtp_options options;
  script opening;
};

const std::vector<scenario>& scenarios() {
  const script starttls{{"", "220 mx"},
                        {"EHLO me.example\r\n", "250-mx\r\n250-AUTH PLAIN\r\n250 STARTTLS"},
                        {"STARTTLS\r\n", "220 go"},
                        {"TLS", ""}};
  static const std::vector<scenario> all{
      {"starttls", options_for(smtp_security::starttls),
       starttls + script{{"EHLO me.example\r\n", "250-mx\r\n250 AUTH LOGIN PLAIN"},
                         {"AUTH PLAIN AHVzZXIAcGFzcw==\r\n", "235 2.7.0 ok"}}},
      {"login", options_for(smtp_security::starttls),
       starttls + script{{"EHLO me.example\r\n", "250-mx\r\n250 auth cram-md5 login"},
                         {"AUTH LOGIN\r\n", "334 VXNlcm5hbWU6"},
                         {"dXNlcg==\r\n", "334 UGFzc3dvcmQ6"},
                         {"cGFzcw==\r\n", "235 ok"}}},
      {"tls",
       options_for(smtp_security::tls),
       {{"TLS", ""},
        {"", "220 mx"},
        {"EHLO me.example\r\n", "250-mx\r\n250 AUTH=PLAIN"},
        {"AUTH PLAIN AHVzZXIAcGFzcw==\r\n", "235 ok"}}},
      {"nobody",
       options_for(smtp_security::tls, false),
       {{"TLS", ""}, {"", "220 mx"}, {"EHLO me.example\r\n", "250 mx"}}},
      {"none",
       options_for(smtp_security::none, false),
       {{"", "220-mx\r\n220 ready"}, {"EHLO me.example\r\n", "250-mx\r\n250 STARTTLS"}}},
  };
  return all;
}

TEST(SmtpSession, EveryScriptDelivers) {
  for (const auto& each : scenarios()) {
    SCOPED_TRACE(each.name);
    const auto [step, result] = run(each.options, each.opening);
    EXPECT_EQ(step, smtp_step::ready);
    EXPECT_EQ(result.failure, failure::none);
    EXPECT_EQ(result.status, 250U);
    EXPECT_EQ(result.message_id, "4F2B");
    EXPECT_FALSE(result.error);
  }
}

TEST(SmtpSession, EveryStepCanBreak) {
  for (const auto& each : scenarios()) {
    const std::size_t last = each.opening.size() + delivery.size() - 1;
    for (std::size_t i = 0; i <= last; ++i) {
      SCOPED_TRACE(each.name + " at " + std::to_string(i));
      const auto [step, result] = run(each.options, each.opening, i);
      EXPECT_EQ(step, smtp_step::over);
      EXPECT_EQ(result.failure, i == last ? failure::unknown : failure::unavailable);
      EXPECT_TRUE(result.error);
      EXPECT_EQ(result.status, 0U);
    }
  }
}

// A refusal is never ambiguous, a reply that fits nothing only after the final dot.
TEST(SmtpSession, EveryStepCanBeRefused) {
  for (const auto& each : scenarios()) {
    const script whole = each.opening + delivery;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      if (whole[i].hears.empty()) continue;
      SCOPED_TRACE(each.name + " at " + std::to_string(i));
      for (const std::string no : {"421 4.3.2 closing", "450 4.3.0 later", "550 5.5.0 no", "500"}) {
        const auto [step, result] = run(each.options, each.opening, i, no);
        const bool goes_on = i >= each.opening.size() && !no.starts_with("421");
        EXPECT_EQ(step, goes_on ? smtp_step::ready : smtp_step::over) << no;
        EXPECT_NE(result.failure, failure::unknown);
        EXPECT_NE(result.failure, failure::none);
        EXPECT_EQ(std::to_string(result.status), no.substr(0, 3));
      }
      const auto [step, result] = run(each.options, each.opening, i, "351 what");
      EXPECT_EQ(step, smtp_step::over);
      EXPECT_EQ(result.failure, i + 1 == whole.size() ? failure::unknown : failure::unavailable);
      EXPECT_EQ(result.error == smtp_errc::bad_reply, whole[i].says != "STARTTLS\r\n");
    }
  }
}

TEST(SmtpSession, WithoutStarttlsNothingFollows) {
  const auto options = options_for(smtp_security::starttls);
  for (const std::string offers : {"250-mx\r\n250 AUTH PLAIN", "250 STARTTLS", "250-mx\r\n250 XSTARTTLS"}) {
    smtp_session session{options};
    session.open();
    EXPECT_EQ(session.on_reply(reply("220 mx")), smtp_step::send);
    session.on_sent();
    EXPECT_EQ(session.on_reply(reply(offers)), smtp_step::over) << offers;
    EXPECT_EQ(session.result().failure, failure::unavailable);
    EXPECT_EQ(session.result().error, smtp_errc::starttls_missing);
    EXPECT_EQ(session.output(), "");
  }
}

TEST(SmtpSession, OffersFromBeforeTlsAreForgotten) {
  const auto options = options_for(smtp_security::starttls);
  smtp_session session{options};
  auto step = session.open();
  for (const auto& each : script{{"", "220 mx"},
                                 {"EHLO me.example\r\n", "250-mx\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS"},
                                 {"STARTTLS\r\n", "220 go"},
                                 {"TLS", ""},
                                 {"EHLO me.example\r\n", "250-mx\r\n250-STARTTLS\r\n250 AUTH GSSAPI"}})
    step = play(session, step, each, nullptr);
  EXPECT_EQ(step, smtp_step::over);
  EXPECT_EQ(session.result().error, smtp_errc::no_auth_method);
  EXPECT_EQ(session.result().failure, failure::misconfigured);
}

TEST(SmtpSession, AfterARefusalTheNextMessageBeginsWithReset) {
  const auto options = options_for(smtp_security::none, false);
  for (std::size_t fails : {0U, 1U, 2U, 4U}) {
    smtp_session session{options};
    auto step = session.open();
    const std::string no = "550 5.5.0 no";
    for (const auto& each : scenarios().back().opening)
      step = play(session, step, each, nullptr);
    step = session.begin("a@b.example", "c@d.example", content);
    for (std::size_t i = 0; i <= fails; ++i)
      step = play(session, step, delivery[i], i == fails ? &no : nullptr);
    EXPECT_EQ(step, smtp_step::ready);
    step = session.begin("a@b.example", "c@d.example", content);
    for (const auto& each : script{{"RSET\r\n", "250 ok"}} + delivery)
      step = play(session, step, each, nullptr);
    EXPECT_EQ(step, smtp_step::ready);
    EXPECT_EQ(session.result().failure, failure::none);
    // And after success it does not.
    session.begin("a@b.example", "c@d.example", content);
    EXPECT_EQ(session.output(), delivery.front().says);
  }
}

TEST(SmtpSession, OnlyWhatWasLostBeforeMailIsStale) {
  const auto options = options_for(smtp_security::none, false);
  for (std::size_t fails = 0; fails < delivery.size(); ++fails) {
    for (const std::string how : {"-", "421 4.4.2 idle for too long"}) {
      if (delivery[fails].hears.empty() && how != "-") continue;
      smtp_session session{options};
      auto step = session.open();
      for (const auto& each : scenarios().back().opening)
        step = play(session, step, each, nullptr);
      step = session.begin("a@b.example", "c@d.example", content);
      for (std::size_t i = 0; i <= fails; ++i)
        step = play(session, step, delivery[i], i == fails ? &how : nullptr);
      EXPECT_EQ(step, smtp_step::over);
      EXPECT_EQ(session.was_stale(), fails == 0) << fails << how;
    }
  }
}

TEST(SmtpSession, DotsAreStuffed) {
  const auto options = options_for(smtp_security::none, false);
  const std::vector<std::pair<std::string, std::string>> table{{".\r\n", "..\r\n"},
                                                               {"\r\n.\r\n", "\r\n..\r\n"},
                                                               {"a.\r\n", "a.\r\n"},
                                                               {"...\r\n", "....\r\n"},
                                                               {"a\r\n.b\r\n.\r\n", "a\r\n..b\r\n..\r\n"},
                                                               {"\r\n", "\r\n"}};
  for (const auto& [plain, wire] : table) {
    smtp_session session{options};
    auto step = session.open();
    for (const auto& each : scenarios().back().opening)
      step = play(session, step, each, nullptr);
    step = session.begin("a@b.example", "c@d.example", plain);
    for (std::size_t i = 0; i < 3; ++i)
      step = play(session, step, delivery[i], nullptr);
    EXPECT_EQ(session.output(), wire);
  }
}

}  // namespace
}  // namespace otpd::mail
