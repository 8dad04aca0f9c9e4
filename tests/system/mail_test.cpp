// A whole round by e-mail: through otpd and Debian's exim4 into a maildir, and the code back.

#include <gtest/gtest.h>

#include "mail/exim_server.hpp"
#include "mail/mime_reader.hpp"
#include "system/delivery_server.hpp"
#include "system/recipients.hpp"

namespace otpd::test {
namespace {

class MailRound : public testing::Test {
 protected:
  MailRound() : exim(server.trusted().issue("DNS:localhost")) {}

  void SetUp() override {
    ASSERT_EQ(mail_password, exim_server::password());
    server.provider("mail", "type = \"smtp\"\nhost = \"localhost\"\nport = " + std::to_string(exim.port()) +
                                "\nuser = \"otpd\"\npassword = {env = \"MAIL_PASSWORD\"}\n" +
                                "from = \"otpd@mail.example\"\nfrom_name = \"Exämple\"\n");
    server.route("", {"mail"}, "", "email");
    server.tables(
        "[[profiles.default.messages]]\nchannel = \"email\"\nsubject = \"Ihr Code für {app}: {code}\"\n"
        "text = \"Ihr Code ist {code}.\\nEr gilt {minutes} Minuten.\"\n"
        "html = \"<p>Ihr Code ist <b>{code}</b>.</p>\"\n");
    ASSERT_NO_THROW(server.start());
  }

  delivery_server server;
  exim_server exim;
};

TEST_F(MailRound, TheCodeArrivesAndIsRight) {
  const http_answer issued = server.issue("jane@example.com");
  ASSERT_EQ(issued.status, 201) << issued.body << exim.log();
  EXPECT_EQ(issued.text("channel"), "email");
  EXPECT_EQ(issued.text("delivery"), "sent");

  const read_mail mail = parse_mail(exim.next_message());
  const std::string code = code_in(mail.text);
  ASSERT_EQ(code.size(), 6U) << mail.text;
  EXPECT_EQ(mail.text, "Ihr Code ist " + code + ".\nEr gilt 10 Minuten.");
  EXPECT_EQ(mail.html, "<p>Ihr Code ist <b>" + code + "</b>.</p>");
  EXPECT_EQ(mail.decoded("Subject"), "Ihr Code für verification: " + code);
  EXPECT_EQ(mail.decoded("From"), "Exämple <otpd@mail.example>");
  EXPECT_EQ(mail.field("To"), "jane@example.com");
  // Encrypted, and who it was.
  EXPECT_NE(mail.field("Received").find("esmtpsa"), std::string::npos);

  EXPECT_TRUE(server.check(issued.text("id"), other_than(code)).says_wrong());
  EXPECT_TRUE(server.check(issued.text("id"), code).says_right());
  EXPECT_EQ(server.number(R"(otpd_accepted_total{provider="mail",country="none"})"), 1);
  EXPECT_EQ(server.number(R"(otpd_conversions_total{provider="mail",country="none"})"), 1);
}

TEST_F(MailRound, AMailboxThatIsNotThereIsABadNumber) {
  const http_answer issued = server.issue("nobody@example.com");
  EXPECT_EQ(issued.status, 502) << issued.body;
  EXPECT_EQ(issued.text("code"), "delivery_failed");
  EXPECT_EQ(server.delivery_of(issued.text("id")), "failed");
  EXPECT_EQ(server.attempts("mail", "bad_number"), 1);
}

}  // namespace
}  // namespace otpd::test
