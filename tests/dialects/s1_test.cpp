// System s1, row by row (../shared/wire/five-systems.md). Against the system's own code: django_test.

#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

class S1 : public testing::Test {
 protected:
  reply send(const std::string& body) { return server.post("/api/users/send-otp/", body); }
  reply verify(const std::string& body) { return server.post("/api/users/verify-otp/", body); }
  reply verify(const std::string& phone, const std::string& code) {
    return verify(R"({"phone":")" + phone + R"(","otp":")" + code + "\"}");
  }

  dialect_server server;
};

constexpr const char* sent = R"({"message":"OTP sent successfully","status":"success"})";
constexpr const char* verified =
    R"({"message":"OTP verified successfully","status":"success","verified":true})";

std::string refused(const std::string& message) {
  return R"({"message":")" + message + R"(","status":"error","verified":false})";
}

TEST_F(S1, SendsFourDigits) {
  EXPECT_REPLY(send(R"({"phone":"255694230173"})"), 200, sent);
  EXPECT_EQ(server.code_for("+255694230173").size(), 4U);
  EXPECT_REPLY(send(R"({"phone":" +255 694 230 174 ","verification_type":"Registration"})"), 200, sent);
  EXPECT_EQ(server.code_for("+255694230174").size(), 4U);
  EXPECT_REPLY(send(R"({"phone":255694230175})"), 200, sent);
}

TEST_F(S1, ChecksTheNumberInItsOwnOrder) {
  EXPECT_REPLY(send("{}"), 400, R"({"message":"Phone number is required"})");
  EXPECT_REPLY(send(R"({"phone":"   "})"), 400, R"({"message":"Phone number is required"})");
  for (const char* phone : {"12345", "0694230173", "+0694230173", "abc", "++255694230173",
                            "2556942301731234567", "255-694-230173", "255694230173x"}) {
    EXPECT_REPLY(send(R"({"phone":")" + std::string(phone) + "\"}"), 400,
                 R"({"message":"Invalid phone number format"})")
        << phone;
  }
}

TEST_F(S1, VerifiesOnce) {
  ASSERT_EQ(send(R"({"phone":"255694230173"})").status, 200);
  const std::string code = server.code_for("+255694230173");
  EXPECT_REPLY(verify("255694230173", server.wrong_code_for("+255694230173")), 400,
               refused("Invalid OTP code"));
  EXPECT_REPLY(verify("+255694230173", " " + code + " "), 200, verified);
  EXPECT_REPLY(verify("255694230173", code), 400, refused("Invalid OTP code"));
}

TEST_F(S1, ChecksWhatIsMissingInItsOwnOrder) {
  EXPECT_REPLY(verify("{}"), 400, refused("Phone number is required"));
  EXPECT_REPLY(verify(R"({"phone":"255694230173"})"), 400, refused("OTP code is required"));
  EXPECT_REPLY(verify("255694230173", "  "), 400, refused("OTP code is required"));
  EXPECT_REPLY(verify("255694230173", "12a4"), 400, refused("OTP must be numeric"));
  EXPECT_REPLY(verify("255694230173", "1234"), 400, refused("Invalid OTP code"));
  EXPECT_REPLY(verify("12", "1234"), 400, refused("Invalid OTP code"));
}

TEST_F(S1, ACodeIsForItsTypeOnly) {
  ASSERT_EQ(send(R"({"phone":"255694230173","verification_type":"Registration"})").status, 200);
  const std::string code = server.code_for("+255694230173");
  EXPECT_REPLY(verify("255694230173", code), 400, refused("Invalid OTP code"));
  EXPECT_REPLY(verify(R"({"phone":"255694230173","otp":")" + code + R"(","verification_type":"login"})"), 400,
               refused("Invalid OTP code"));
  EXPECT_REPLY(
      verify(R"({"phone":"255694230173","otp":")" + code + R"(","verification_type":"Registration"})"), 200,
      verified);
}

TEST_F(S1, EveryTypeIsItself) {
  const std::vector<std::string> types{R"("")", R"("Login")", R"("login")", R"("=")", "5", "5.0", "true"};
  int phone = 0;
  for (const std::string& sent_for : types) {
    for (const std::string& named : types) {
      const std::string number = std::to_string(255694230200 + phone++);
      ASSERT_EQ(send(R"({"phone":")" + number + R"(","verification_type":)" + sent_for + "}").status, 200);
      const reply said = verify(R"({"phone":")" + number + R"(","otp":")" + server.code_for("+" + number) +
                                R"(","verification_type":)" + named + "}");
      EXPECT_EQ(said.status, sent_for == named ? 200 : 400) << sent_for << " " << named;
    }
  }
  // The usual one need not be named; a number is its text.
  ASSERT_EQ(send(R"({"phone":"255694230300","verification_type":"Login"})").status, 200);
  EXPECT_REPLY(verify("255694230300", server.code_for("+255694230300")), 200, verified);
  ASSERT_EQ(send(R"({"phone":"255694230301","verification_type":5})").status, 200);
  EXPECT_REPLY(verify(R"({"phone":"255694230301","verification_type":"5","otp":")" +
                      server.code_for("+255694230301") + "\"}"),
               200, verified);
}

TEST_F(S1, ZerosInFrontOfACodeCountForNothing) {
  std::int64_t phone = 255694230400;
  std::string number, code;
  do {  // one code of ten begins so
    number = std::to_string(phone++);
    ASSERT_EQ(send(R"({"phone":")" + number + "\"}").status, 200);
    code = server.code_for("+" + number);
  } while (!code.starts_with('0'));
  const std::string bare = std::to_string(std::stoi(code));
  EXPECT_REPLY(verify(number, "1" + code), 400, refused("Invalid OTP code"));
  EXPECT_REPLY(verify(R"({"phone":")" + number + R"(","otp":)" + bare + "}"), 200, verified);
  ASSERT_EQ(send(R"({"phone":")" + number + "\"}").status, 200);
  EXPECT_REPLY(verify(number, "000" + server.code_for("+" + number)), 200, verified);
}

TEST_F(S1, ThreeRequestsWhateverTheirType) {
  EXPECT_REPLY(send(R"({"phone":"255694230173"})"), 200, sent);
  EXPECT_REPLY(send(R"({"phone":"+255694230173","verification_type":"A"})"), 200, sent);
  EXPECT_REPLY(send(R"({"phone":"255 694 230 173","verification_type":"B"})"), 200, sent);
  const reply more = send(R"({"phone":"255694230173","verification_type":"C"})");
  EXPECT_REPLY(more, 429, R"({"message":"Too many OTP requests. Please try again later."})");
  EXPECT_NE(more.field("Retry-After"), "");
  EXPECT_REPLY(send(R"({"phone":"255694230174"})"), 200, sent) << "another number";
}

TEST_F(S1, SaysWhatThePythonWouldHaveSaid) {
  for (const char* body : {"[1]", "{", "", R"({"phone":["x"]})", R"({"phone":null})", R"({"a":1,"a":2})"}) {
    const reply one = send(body);
    if (std::string(body).empty()) {
      EXPECT_REPLY(one, 400, R"({"message":"Phone number is required"})");
      continue;
    }
    EXPECT_EQ(one.status, 400) << show(one);
    EXPECT_EQ(one.body.find(R"({"message":"Error sending OTP: )"), 0U) << show(one);
    const reply other = verify(body);
    EXPECT_EQ(other.body.find(R"({"message":"Error verifying OTP: )"), 0U) << show(other);
    EXPECT_NE(other.body.find(R"("status":"error","verified":false})"), std::string::npos) << show(other);
  }
}

TEST_F(S1, ANumberThatTheGatewayRefusesIsAnError) {
  EXPECT_REPLY(send(R"({"phone":"255694230199"})"), 500,
               R"({"message":"Failed to send OTP. Please try again.","status":"error"})");
}

TEST(S1Expiry, SaysThatACodeHasExpired) {
  dialect_server server("", [](config& all) {
    all.delivery.sms = {"null"};  // nobody is asked to send what is over already
    std::ranges::find(all.profiles, "s1", &otp::profile::name)->lifetime = std::chrono::seconds(0);
  });
  ASSERT_EQ(server.post("/api/users/send-otp/", R"({"phone":"255694230173"})").status, 200);
  EXPECT_REPLY(server.post("/api/users/verify-otp/", R"({"phone":"255694230173","otp":"1234"})"), 400,
               refused("OTP code has expired. Please request a new one."));
}

TEST(S1Message, IsTheSystemsOwnAndCanBeAnother) {
  const config own = parse_config("", "t");
  const auto s1 = std::ranges::find(own.profiles, "s1", &otp::profile::name);
  EXPECT_EQ(s1->message, "Welcome To {app}!\nThank you for using our service.\nYour OTP is {code}");
  EXPECT_EQ(s1->app, "Your App");
  const config other = parse_config("[profiles.s1]\nmessage = 'Your verification code is {code}.'", "t");
  const auto changed = std::ranges::find(other.profiles, "s1", &otp::profile::name);
  EXPECT_EQ(changed->message, "Your verification code is {code}.");
  EXPECT_EQ(changed->code_length, 4) << "the rest stays";
}

}  // namespace
}  // namespace otpd::dialects::test
