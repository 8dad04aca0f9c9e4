#include "mail/mime_message.hpp"

#include <gtest/gtest.h>

#include "mail/carrier_fixture.hpp"
#include "mail/mime_reader.hpp"

namespace otpd::mail {
namespace {

using test::a_message;

const mail_author author{"otp@mail.example", "Example"};

std::string written(const sms::rendered_message& message, const mail_author& from = author,
                    std::string_view unique = "unique") {
  auto out = write_message(from, message, unique);
  return out ? *out : "refused: " + out.error().message();
}
bool is_refused(const sms::rendered_message& message, const mail_author& from = author,
                std::string_view unique = "unique") {
  const auto out = write_message(from, message, unique);
  return !out && out.error() == boost::system::errc::invalid_argument;
}

TEST(MimeMessage, TextAloneIsThis) {
  EXPECT_EQ(written(a_message()),
            "From: \"Example\"\r\n <otp@mail.example>\r\n"
            "To: someone@example.com\r\n"
            "Subject: Your code\r\n"
            "Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n"
            "Message-ID: <Zm9vYmFyYmF6cXV4@mail.example>\r\n"
            "MIME-Version: 1.0\r\n"
            "Auto-Submitted: auto-generated\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "Your code is 123456.\r\n");
}

TEST(MimeMessage, TextAndHtmlAreThis) {
  auto message = a_message();
  message.html = "<b>код</b>";
  const std::string whole = written(message);
  EXPECT_EQ(whole.substr(whole.find("Content-Type")),
            "Content-Type: multipart/alternative;\r\n boundary=\"=_otpd_alternative\"\r\n"
            "\r\n"
            "--=_otpd_alternative\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "\r\n"
            "Your code is 123456.\r\n"
            "\r\n--=_otpd_alternative\r\n"
            "Content-Type: text/html; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            "\r\n"
            "PGI+0LrQvtC0PC9iPg==\r\n"
            "\r\n--=_otpd_alternative--\r\n");
}

TEST(MimeMessage, DatesAreThoseOfTheCalendar) {
  const std::vector<std::pair<long, std::string>> table{{0, "Thu, 01 Jan 1970 00:00:00 +0000"},
                                                        {951782399, "Mon, 28 Feb 2000 23:59:59 +0000"},
                                                        {951782400, "Tue, 29 Feb 2000 00:00:00 +0000"},
                                                        {1798761599, "Thu, 31 Dec 2026 23:59:59 +0000"}};
  for (const auto& [at, date] : table) {
    auto message = a_message();
    message.at = std::chrono::sys_seconds{std::chrono::seconds{at}};
    EXPECT_EQ(test::parse_mail(written(message)).field("Date"), date);
  }
}

TEST(MimeMessage, SubjectsComeBackAsTheyWere) {
  for (const std::string& subject :
       {std::string{"Your code"}, std::string{"123456 – Ihr Code für Österreich"},
        std::string{"رمزك هو 123456"}, std::string(60, 'x'), std::string(61, 'x'), std::string(900, 'y'),
        std::string{" blanks at the ends "}, std::string{"=?UTF-8?B?aW5qZWN0ZWQ=?="},
        std::string{"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"}, std::string{"a:b \"c\" <d@e.example>, (f)"},
        std::string{"\xef\xbf\xbd"}}) {
    auto message = a_message();
    message.subject = subject;
    const std::string whole = written(message);
    EXPECT_EQ(test::parse_mail(whole).decoded("Subject"), subject) << whole;
    for (std::size_t at = 0; at < whole.size(); at = whole.find("\r\n", at) + 2)
      EXPECT_LE(whole.find("\r\n", at) - at, 76U) << whole.substr(at, 200);
  }
}

TEST(MimeMessage, AnEmptySubjectIsNoField) {
  auto message = a_message();
  message.subject = "";
  EXPECT_EQ(written(message).find("Subject"), std::string::npos);
}

TEST(MimeMessage, NamesAreQuotedOrEncoded) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"", "otp@mail.example"},
      {"Example, Inc. <x@y>", "\"Example, Inc. <x@y>\" <otp@mail.example>"},
      {"a \"b\" \\c", "\"a \\\"b\\\" \\\\c\" <otp@mail.example>"},
      {"Exämple", "=?UTF-8?B?RXjDpG1wbGU=?= <otp@mail.example>"}};
  for (const auto& [name, field] : table)
    EXPECT_EQ(test::parse_mail(written(a_message(), {"otp@mail.example", name})).field("From"), field);
}

TEST(MimeMessage, WithoutAReferenceTheUniqueNameStandsIn) {
  auto message = a_message();
  message.reference = "";
  EXPECT_EQ(test::parse_mail(written(message)).field("Message-ID"), "<unique@mail.example>");
  EXPECT_TRUE(is_refused(message, author, ""));
}

// Each of these, anywhere in any field, is refused: no value ever ends its line.
TEST(MimeMessage, NoFieldTakesAControlCharacter) {
  const std::string_view zero{"\0", 1};
  for (const std::string_view bad :
       {std::string_view{"\r\nBcc: x@evil.example"}, std::string_view{"\n"}, std::string_view{"\r"}, zero,
        std::string_view{"\x1b"}, std::string_view{"\x7f"}, std::string_view{"\t"},
        std::string_view{"\xc2\x85"}, std::string_view{"\xe2\x80\xa8"}, std::string_view{"\xff"}}) {
    for (int place = 0; place < 3; ++place) {
      const auto spoilt = [&](std::string text) {
        const std::size_t at = place == 0 ? 0 : place == 1 ? text.size() / 2 : text.size();
        return text.insert(at, bad);
      };
      auto message = a_message();
      const std::string subject = spoilt("Your code"), to = spoilt("someone@example.com"),
                        from = spoilt("otp@mail.example"), name = spoilt("Example"), id = spoilt("abcdef");
      message.subject = subject;
      EXPECT_TRUE(is_refused(message));
      message = a_message();
      message.to = to;
      EXPECT_TRUE(is_refused(message));
      message = a_message();
      message.reference = id;
      EXPECT_TRUE(is_refused(message));
      message.reference = "";
      EXPECT_TRUE(is_refused(message, author, id));
      EXPECT_TRUE(is_refused(a_message(), {from, "Example"}));
      EXPECT_TRUE(is_refused(a_message(), {"otp@mail.example", name}));
    }
  }
}

TEST(MimeMessage, OnlyOneAddressIsAnAddress) {
  for (const char* to : {"", "a@b.example, c@d.example", "<a@b.example>", "a@b.example> SIZE=1",
                         "a b@c.example", "\"a\"@b.example", "a@[127.0.0.1]", "a@b", "jürgen@example.com"}) {
    auto message = a_message();
    message.to = to;
    EXPECT_TRUE(is_refused(message)) << to;
    EXPECT_TRUE(is_refused(a_message(), {to, ""})) << to;
  }
}

// Control characters in a body are the sender's business: they are encoded.
TEST(MimeMessage, BodiesTakeAnything) {
  auto message = a_message();
  const std::string text{"\0\r\n.\r\nQUIT\r\n\x7f\xff", 14};
  message.text = text;
  message.html = text;
  const auto read = test::parse_mail(written(message));
  EXPECT_EQ(read.text, text);
  EXPECT_EQ(read.html, text);
}

}  // namespace
}  // namespace otpd::mail
