// System s0, row by row (../shared/wire/five-systems.md).

#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

class S0 : public testing::Test {
 protected:
  // With a right code, `code` may be any spelling of it.
  reply verify(const std::string& phone, const std::string& code) {
    return server.post("/otp/verify/", R"({"phone_number":")" + phone + R"(","otp":)" + code + "}");
  }
  reply verify_sent(const std::string& phone) { return verify(phone, '"' + server.code_for(phone) + '"'); }
  reply generate(const std::string& phone) {
    return server.post("/otp/generate/", R"({"phone_number":")" + phone + "\"}");
  }
  reply find(const std::string& phone) {
    return server.administer("/accounts/find", R"({"realm":"s0","address":")" + phone + "\"}");
  }

  dialect_server server;
};

constexpr const char* sent = R"({"message":"OTP sent successfully"})";
constexpr const char* no_number = R"({"message":"Phone number is required"})";
constexpr const char* verified = R"({"message":"Phone number verified successfully"})";
constexpr const char* not_right = R"({"message":"OTP has expired or invalid"})";
constexpr const char* no_employee = R"({"message":"Employee not found"})";

TEST_F(S0, SendsFourDigits) {
  EXPECT_REPLY(generate("+12125550123"), 200, sent);
  EXPECT_EQ(server.code_for("+12125550123").size(), 4U);
  // The number of the system's own document, national and not assigned.
  EXPECT_REPLY(generate("1234567890"), 200, sent);
  EXPECT_EQ(server.code_for("+11234567890").size(), 4U);
}

TEST_F(S0, NeedsAPhoneNumber) {
  for (const char* body :
       {"{}", R"({"phone_number":""})", R"({"phone_number":"  "})", R"({"phone_number":null})",
        R"({"phone_number":["1"]})", R"({"phone_number":"x"})", R"({"phone":"+12125550123"})"}) {
    EXPECT_REPLY(server.post("/otp/generate/", body), 400, no_number) << body;
  }
}

TEST_F(S0, NothingButARightCodeVerifies) {
  ASSERT_EQ(generate("+12125550122").status, 200);
  const std::string wrong = server.wrong_code_for("+12125550122");
  for (const std::string& body :
       {std::string("{}"), std::string(R"({"phone_number":"+12125550122"})"), R"({"otp":")" + wrong + "\"}",
        std::string(R"({"phone_number":"","otp":"1234"})"),
        std::string(R"({"phone_number":"x","otp":"1234"})"),
        std::string(R"({"phone_number":"+12125550122","otp":null})"),
        std::string(R"({"phone_number":"+12125550122","otp":["1234"]})"),
        std::string(R"({"phone_number":"+12125550122","otp":"12 34"})"),
        std::string(R"({"phone_number":"+12125550122","otp":"12345"})"),
        std::string(R"({"phone_number":"+12125550129","otp":"1234"})"),
        R"({"phone_number":"+12125550122","otp":")" + wrong + "\"}"}) {
    EXPECT_REPLY(server.post("/otp/verify/", body), 400, not_right) << body;
  }
}

TEST_F(S0, AVerifiedNumberMarksItsEmployee) {
  const reply made =
      server.administer("/accounts", R"({"realm":"s0","phone":"+12125550124","phone_verified":false})");
  ASSERT_EQ(made.status, 200) << show(made);
  ASSERT_EQ(generate("+12125550124").status, 200);
  EXPECT_REPLY(verify("+12125550124", '"' + server.wrong_code_for("+12125550124") + '"'), 400, not_right);
  EXPECT_NE(find("+12125550124").body.find(R"("phone_verified":false)"), std::string::npos);
  EXPECT_REPLY(verify_sent("(212) 555-0124"), 400,
               not_right);  // no code was asked for: there is none to send back
  EXPECT_REPLY(verify("(212) 555-0124", '"' + server.code_for("+12125550124") + '"'), 200, verified);
  EXPECT_NE(find("+12125550124").body.find(R"("phone_verified":true)"), std::string::npos);
  EXPECT_REPLY(verify_sent("+12125550124"), 400, not_right) << "once";
}

TEST_F(S0, WithoutAnEmployeeARightCodeIsNotFound) {
  ASSERT_EQ(generate("+12125550125").status, 200);
  EXPECT_REPLY(verify("+12125550125", '"' + server.wrong_code_for("+12125550125") + '"'), 400, not_right)
      << "who is registered is not told without the code";
  EXPECT_REPLY(verify_sent("+12125550125"), 404, no_employee);
  EXPECT_EQ(find("+12125550125").status, 404) << "and nobody was made";
}

TEST_F(S0, TakesCodesAsNumbersAndInOtherScripts) {
  ASSERT_EQ(server.administer("/accounts", R"({"realm":"s0","phone":"+12125550126"})").status, 200);
  for (int round = 0; round < 2; ++round) {
    do {
      ASSERT_EQ(generate("+12125550126").status, 200);
    } while (server.code_for("+12125550126").starts_with('0'));  // JSON knows no such number
    const std::string code = server.code_for("+12125550126");
    std::string arabic;
    for (const char digit : code)
      arabic += "\xd9" + std::string(1, static_cast<char>(0xa0 + (digit - '0')));
    EXPECT_REPLY(verify("+12125550126", round == 0 ? code : "\" " + arabic + " \""), 200, verified);
  }
}

TEST_F(S0, AsksForNoMoreThanItsBudget) {
  for (int i = 0; i < 5; ++i)
    EXPECT_REPLY(generate("+12125550127"), 200, sent);
  const reply more = generate("+12125550127");
  EXPECT_REPLY(more, 429, R"({"message":"Too many OTP requests. Please try again later."})");
  EXPECT_NE(more.field("Retry-After"), "");
}

TEST_F(S0, TheNewestCodeOnly) {
  ASSERT_EQ(server.administer("/accounts", R"({"realm":"s0","phone":"+12125550128"})").status, 200);
  ASSERT_EQ(generate("+12125550128").status, 200);
  const std::string first = server.code_for("+12125550128");
  do {
    ASSERT_EQ(generate("+12125550128").status, 200);
  } while (server.code_for("+12125550128") == first);
  EXPECT_REPLY(verify("+12125550128", '"' + first + '"'), 400, not_right);
  EXPECT_REPLY(verify_sent("+12125550128"), 200, verified);
}

}  // namespace
}  // namespace otpd::dialects::test
