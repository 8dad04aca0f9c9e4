// Through real sockets, against a server that is odd at one step.

#include "mail/smtp_carrier.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <stdexcept>

#include "mail/carrier_fixture.hpp"
#include "mail/mail_dialogue.hpp"
#include "mail/smtp_error.hpp"
#include "mail/trusted_authority.hpp"

namespace otpd::mail {
namespace {

using otp::failure;
using std::chrono::milliseconds;
using test::a_message;
using test::carrier_fixture;
using test::mail_dialogue;
using test::our_trust;
using test::scripted_mail_server;
using peer = scripted_mail_server::peer;

smtp_options options_for(const scripted_mail_server& server, bool with_tls = false) {
  smtp_options out;
  out.host = "localhost";
  out.port = server.port();
  out.security = with_tls ? smtp_security::starttls : smtp_security::none;
  out.from = "otp@mail.example";
  if (with_tls) out.user = "user", out.password = "pass";
  out.connect_timeout = out.timeout = std::chrono::seconds{20};
  return out;
}

const test::identity& localhost() {
  static const auto instance = test::our_authority().issue("DNS:localhost");
  return instance;
}

// One message to a server that has this oddity at this step of the longest way: STARTTLS, AUTH, delivery.
sms::handover send_to_odd(int step, std::function<bool(peer&)> oddity,
                          milliseconds bound = milliseconds{20000}) {
  mail_dialogue play;
  play.with_tls = true;
  play.odd = step;
  play.oddity = std::move(oddity);
  scripted_mail_server server{play, &localhost()};
  carrier_fixture with{options_for(server, true), our_trust()};
  return with.send(a_message(), bound);
}

std::function<bool(peer&)> says(std::string line) {
  return [line = std::move(line)](peer& to) {
    to.say(line);
    return true;
  };
}

TEST(SmtpCarrier, WhatIsNotWantedAnyMoreOnceConnectedIsNotSent) {
  scripted_mail_server server{mail_dialogue{}};
  carrier_fixture with{options_for(server)};
  auto message = a_message();
  int asked = 0;
  message.still_wanted = [&] { return ++asked == 1; };
  const auto result = with.send(message);
  EXPECT_EQ(result.error, smtp_errc::called_off);
  EXPECT_TRUE(!result.begun && result.failure == failure::unavailable);
  EXPECT_EQ(with.carrier.connections_opened(), 1U);
}

TEST(SmtpCarrier, AMessageArrives) {
  std::vector<std::string> lines;
  mail_dialogue play;
  play.on_line = [&](const std::string& line) { lines.push_back(line); };
  {
    scripted_mail_server server{play};
    carrier_fixture with{options_for(server)};
    const auto result = with.send(a_message());
    EXPECT_EQ(result.failure, failure::none);
    EXPECT_EQ(result.status, 250U);
    EXPECT_EQ(result.message_id, "4F2B");
    with.carrier.close();
    with.loop.run();
    server.wait_until_closed(1);
  }
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0], "EHLO [127.0.0.1]");
  EXPECT_EQ(lines[1], "MAIL FROM:<otp@mail.example>");
  EXPECT_EQ(lines[2], "RCPT TO:<someone@example.com>");
  EXPECT_EQ(lines[3], "DATA");
  EXPECT_NE(lines[4].find("Subject: Your code\r\n"), std::string::npos);
  EXPECT_EQ(lines[5], "QUIT");
}

TEST(SmtpCarrier, ImplicitTlsDelivers) {
  scripted_mail_server server{[](peer& to) {
                                if (to.start_tls()) mail_dialogue{}(to);
                              },
                              &localhost()};
  auto options = options_for(server);
  options.security = smtp_security::tls;
  carrier_fixture with{options, our_trust()};
  EXPECT_EQ(with.send(a_message()).failure, failure::none);
}

TEST(SmtpCarrier, EveryStepCanEndTheConnection) {
  for (int step = 0; step < mail_dialogue::steps; ++step) {
    const auto result = send_to_odd(step, [](peer&) { return false; });
    EXPECT_EQ(result.failure, step == mail_dialogue::final_dot ? failure::unknown : failure::unavailable)
        << step;
    EXPECT_EQ(result.error, smtp_errc::reset) << step;
    EXPECT_EQ(result.status, 0U);
  }
}

TEST(SmtpCarrier, EveryStepCanHang) {
  const auto hangs = [](peer& to) { return to.wait_for_close(), false; };
  for (int step = 0; step < mail_dialogue::final_dot; ++step) {
    const auto begin = std::chrono::steady_clock::now();
    const auto result = send_to_odd(step, hangs, milliseconds{200});
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10});
    EXPECT_EQ(result.failure, failure::unavailable) << step;
    EXPECT_EQ(result.error, smtp_errc::timed_out) << step;
  }
  const auto result = send_to_odd(mail_dialogue::final_dot, hangs, milliseconds{2000});
  EXPECT_EQ(result.failure, failure::unknown);
  EXPECT_EQ(result.error, smtp_errc::timed_out);
}

TEST(SmtpCarrier, ConnectingHasATimeOfItsOwn) {
  mail_dialogue play;
  play.odd = mail_dialogue::hello;
  play.oddity = [](peer& to) { return to.wait_for_close(), false; };
  scripted_mail_server server{play};
  auto options = options_for(server);
  options.connect_timeout = milliseconds{200};
  carrier_fixture with{options};
  const auto begin = std::chrono::steady_clock::now();
  const auto result = with.send(a_message());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{10});
  EXPECT_EQ(result.failure, failure::unavailable);
  EXPECT_EQ(result.error, smtp_errc::timed_out);
}

TEST(SmtpCarrier, EveryStepCanBeRefused) {
  constexpr auto out = failure::unavailable;
  const std::vector<std::pair<std::string, std::vector<failure>>> table{
      {"451 4.3.0 not now", {out, out, out, out, out, out, out, out, out}},
      {"421 4.7.0 slow down",
       {failure::rate_limited, failure::rate_limited, failure::rate_limited, failure::rate_limited,
        failure::rate_limited, failure::rate_limited, failure::rate_limited, failure::rate_limited,
        failure::rate_limited}},
      {"550 no",
       {out, out, out, out, failure::misconfigured, failure::rejected, failure::bad_number, failure::rejected,
        failure::rejected}},
  };
  for (const auto& [line, expected] : table) {
    for (int step = 0; step < mail_dialogue::steps; ++step) {
      const auto result = send_to_odd(step, says(line));
      EXPECT_EQ(result.failure, expected[static_cast<std::size_t>(step)]) << line << " at " << step;
      EXPECT_EQ(std::to_string(result.status), line.substr(0, 3));
    }
  }
}

TEST(SmtpCarrier, NonsenseIsABadReply) {
  const std::string endless(5000, '2');
  for (const std::string& line :
       {std::string{"HTTP/1.1 400 Bad Request"}, endless, std::string{"250-x\r\n251 x"}}) {
    for (int step = 0; step < mail_dialogue::steps; ++step) {
      const auto result = send_to_odd(step, says(line));
      EXPECT_EQ(result.failure, step == mail_dialogue::final_dot ? failure::unknown : failure::unavailable);
      EXPECT_EQ(result.error, smtp_errc::bad_reply) << line.substr(0, 20) << " at " << step;
    }
  }
}

TEST(SmtpCarrier, TwoRepliesToOneCommandAreABadReply) {
  for (const int step : {mail_dialogue::sender, mail_dialogue::recipient, mail_dialogue::login}) {
    const auto result = send_to_odd(step, says("250 ok\r\n250 ok"));
    EXPECT_EQ(result.failure, failure::unavailable);
    EXPECT_EQ(result.error, smtp_errc::bad_reply);
  }
}

// ---- TLS
// ---------------------------------------------------------------------------------------------------------------

// What the client says to a server that has this oddity.
std::vector<std::string> lines_at(int step, std::function<bool(peer&)> oddity, smtp_errc error) {
  std::mutex lock;
  std::vector<std::string> lines;
  mail_dialogue play;
  play.with_tls = true;
  play.odd = step;
  play.oddity = std::move(oddity);
  play.on_line = [&](const std::string& line) {
    const std::lock_guard held{lock};
    if (!line.empty()) lines.push_back(line);
  };
  scripted_mail_server server{play, &localhost()};
  carrier_fixture with{options_for(server, true), our_trust()};
  const auto result = with.send(a_message());
  EXPECT_EQ(result.failure, failure::unavailable);
  EXPECT_EQ(result.error, error) << result.error.message();
  server.wait_until_closed(1);
  const std::lock_guard held{lock};
  return lines;
}

TEST(SmtpCarrier, WithoutStarttlsNothingMoreIsSaid) {
  const std::vector<std::string> only_hello{"EHLO [127.0.0.1]"};
  EXPECT_EQ(
      lines_at(mail_dialogue::hello, says("250-mx\r\n250 AUTH PLAIN LOGIN"), smtp_errc::starttls_missing),
      only_hello);
  const std::vector<std::string> up_to_starttls{"EHLO [127.0.0.1]", "STARTTLS"};
  EXPECT_EQ(
      lines_at(mail_dialogue::tls_reply, says("454 4.7.0 TLS not available"), smtp_errc::starttls_missing),
      up_to_starttls);
}

TEST(SmtpCarrier, PlainTextBeforeTlsIsNotTakenForTheServers) {
  const std::vector<std::string> up_to_starttls{"EHLO [127.0.0.1]", "STARTTLS"};
  EXPECT_EQ(lines_at(mail_dialogue::tls_reply, says("220 go\r\n250-mx\r\n250 AUTH PLAIN"),
                     smtp_errc::plaintext_injected),
            up_to_starttls);
}

TEST(SmtpCarrier, NobodyButTheServerItselfGetsCredentials) {
  const test::authority others;
  const std::vector<std::pair<test::identity, smtp_errc>> table{
      {others.issue("DNS:localhost"), smtp_errc::certificate_refused},
      {test::our_authority().issue("DNS:other.example"), smtp_errc::certificate_refused},
      {test::our_authority().issue("DNS:localhost", -1), smtp_errc::certificate_refused},
  };
  for (const auto& [who, error] : table) {
    mail_dialogue play;
    play.with_tls = true;
    scripted_mail_server server{play, &who};
    carrier_fixture with{options_for(server, true), our_trust()};
    const auto result = with.send(a_message());
    EXPECT_EQ(result.failure, failure::unavailable);
    EXPECT_EQ(result.error, error);
  }
}

TEST(SmtpCarrier, WhatIsNoTlsIsRefused) {
  const auto result = send_to_odd(mail_dialogue::tls_reply, [](peer& to) {
    to.say("220 go");
    to.read_some();
    to.say("250 surely encrypted");
    return false;
  });
  EXPECT_EQ(result.failure, failure::unavailable);
  EXPECT_EQ(result.error, smtp_errc::tls_failed);
}

// ---- options and messages that are none
// --------------------------------------------------------------------------------

TEST(SmtpCarrier, OptionsThatWouldLeakAreRefused) {
  boost::asio::io_context loop{1};
  smtp_options options;
  options.host = "mail.example";
  options.from = "otp@mail.example";
  const auto make = [&](const smtp_options& o) { const smtp_carrier made{loop.get_executor(), o, nullptr}; };
  EXPECT_THROW(make(options), std::invalid_argument) << "TLS without trust";
  options.security = smtp_security::none;
  EXPECT_THROW(make(options), std::invalid_argument) << "in the clear to another machine";
  options.insecure = true;
  EXPECT_NO_THROW(make(options));
  for (const auto member : {&smtp_options::from, &smtp_options::from_name, &smtp_options::helo}) {
    auto bad = options;
    bad.*member = "a\r\nRCPT TO:<b@c.example>";
    EXPECT_THROW(make(bad), std::invalid_argument);
  }
}

TEST(SmtpCarrier, AMessageThatIsNoneOpensNoConnection) {
  scripted_mail_server server{mail_dialogue{}};
  carrier_fixture with{options_for(server)};
  auto message = a_message();
  message.subject = "a\r\nBcc: b@c.example";
  const auto result = with.send(message);
  EXPECT_EQ(result.failure, failure::rejected);
  EXPECT_EQ(result.error, smtp_errc::not_a_message);
  EXPECT_EQ(with.carrier.connections_opened(), 0U);
}

}  // namespace
}  // namespace otpd::mail
