// A message through Debian's exim4, over STARTTLS with AUTH, and back out of the maildir.

#include <gtest/gtest.h>

#include "mail/carrier_fixture.hpp"
#include "mail/exim_server.hpp"
#include "mail/mime_reader.hpp"
#include "mail/trusted_authority.hpp"

namespace otpd::mail {
namespace {

using otp::failure;
using test::a_message;
using test::carrier_fixture;

struct real_server {
  explicit real_server(const std::string& methods = "PLAIN LOGIN")
      : exim(test::our_authority().issue("DNS:localhost"), methods) {}

  [[nodiscard]] smtp_options options() const {
    smtp_options out;
    out.host = "localhost";
    out.port = exim.port();
    out.user = "otpd";
    out.password = test::exim_server::password();
    out.from = "otpd@mail.example";
    out.from_name = "Exämple \"Ltd\"";
    return out;
  }

  test::exim_server exim;
};

TEST(RealServer, TextAndHtmlArriveByteForByte) {
  real_server server;
  carrier_fixture with{server.options(), test::our_trust()};
  auto message = a_message();
  const std::string text = "رمزك هو 123456\n.\n..\n.leading dot\nFrom the start\ntrailing blanks  \t\n" +
                           std::string(3000, 'x') + " = =3D\n\n@example.com #123456";
  const std::string html = "<p>Ваш код: <b>123456</b></p>\n.\n" + std::string(500, '\xc3') + "no end of line";
  message.text = text;
  message.html = html;
  message.subject = "كود 123456 – une ligne assez longue pour être pliée, plus d'une fois, ✉";
  const auto result = with.send(message);
  ASSERT_EQ(result.failure, failure::none) << result.status << result.error.message() << server.exim.log();
  EXPECT_EQ(result.status, 250U);

  const auto received = test::parse_mail(server.exim.next_message());
  EXPECT_EQ(received.text, text);
  EXPECT_EQ(received.html, html);
  EXPECT_EQ(received.decoded("Subject"), message.subject);
  EXPECT_EQ(received.decoded("From"), "Exämple \"Ltd\" <otpd@mail.example>");
  EXPECT_EQ(received.field("To"), "someone@example.com");
  EXPECT_EQ(received.field("Message-ID"), "<Zm9vYmFyYmF6cXV4@mail.example>");
  EXPECT_EQ(received.field("Date"), "Thu, 01 Jan 2026 00:00:00 +0000");
  EXPECT_EQ(received.field("Auto-Submitted"), "auto-generated");
  // The server's own words: encrypted, and who it was; its name for the message is the one we got.
  EXPECT_NE(received.field("Received").find("esmtpsa"), std::string::npos);
  EXPECT_NE(received.field("Received").find(result.message_id), std::string::npos);
  EXPECT_NE(server.exim.log().find("A=plain:otpd"), std::string::npos);
}

TEST(RealServer, TextAloneArrivesByteForByte) {
  real_server server;
  carrier_fixture with{server.options(), test::our_trust()};
  for (const std::string text : {"Your code is 123456.\n", "no end of line", "\n\n", "1", ".", "é\n.\né "}) {
    auto message = a_message();
    message.text = text;
    ASSERT_EQ(with.send(message).failure, failure::none);
    const auto received = test::parse_mail(server.exim.next_message());
    EXPECT_EQ(received.text, text);
    EXPECT_EQ(received.html, "");
    EXPECT_EQ(received.decoded("Subject"), "Your code");
  }
  EXPECT_EQ(with.carrier.connections_opened(), 1U);
}

TEST(RealServer, LoginIsSpokenWherePlainIsNot) {
  real_server server{"LOGIN"};
  carrier_fixture with{server.options(), test::our_trust()};
  const auto message = a_message();
  EXPECT_EQ(with.send(message).failure, failure::none) << server.exim.log();
  EXPECT_EQ(test::parse_mail(server.exim.next_message()).text, message.text);
  EXPECT_NE(server.exim.log().find("A=login:otpd"), std::string::npos);
}

TEST(RealServer, AWrongPasswordIsMisconfigured) {
  for (const std::string method : {"PLAIN", "LOGIN"}) {
    real_server server{method};
    auto options = server.options();
    options.password = "wrong";
    carrier_fixture with{options, test::our_trust()};
    const auto result = with.send(a_message());
    EXPECT_EQ(result.failure, failure::misconfigured);
    EXPECT_EQ(result.status, 535U);
  }
}

TEST(RealServer, AnUnknownMailboxIsABadNumberAndTheConnectionGoesOn) {
  real_server server;
  carrier_fixture with{server.options(), test::our_trust()};
  auto message = a_message();
  message.to = "nobody@example.com";
  const auto result = with.send(message);
  EXPECT_EQ(result.failure, failure::bad_number);
  EXPECT_EQ(result.status, 550U);
  EXPECT_EQ(with.send(a_message()).failure, failure::none);
  EXPECT_EQ(test::parse_mail(server.exim.next_message()).text, a_message().text);
  EXPECT_EQ(with.carrier.connections_opened(), 1U);
}

TEST(RealServer, WhoSendsIsWhatTheRouteSays) {
  real_server server;
  carrier_fixture with{server.options(), test::our_trust()};
  auto message = a_message();
  message.from = "other@route.example";
  ASSERT_EQ(with.send(message).failure, failure::none);
  const std::string raw = server.exim.next_message();
  EXPECT_EQ(test::parse_mail(raw).field("Message-ID"), "<Zm9vYmFyYmF6cXV4@route.example>");
  EXPECT_NE(raw.find("(envelope-from <other@route.example>)"), std::string::npos) << raw;
}

}  // namespace
}  // namespace otpd::mail
