// The ways of s0 and s1 from end to end, in each kind of body, with the trailing slash and without it.

#include "dialects/bodies.hpp"
#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

class VerificationFlows : public testing::TestWithParam<spelling> {
 protected:
  reply call(const std::string& path, const members& all) {
    return server.post(path + (GetParam().has_slash ? "/" : ""), GetParam().write(all), GetParam().type);
  }

  dialect_server server{"[profiles.s0]\nsends = '1000/1s'\n[profiles.s1]\nsends = '1000/1s'\n"};
};

constexpr int rounds = 8;  // some codes begin with a zero

TEST_P(VerificationFlows, OfS0) {
  const std::string phone = "+12125550123", nobody = "(212) 555-0124";
  ASSERT_EQ(server.administer("/accounts", R"({"realm":"s0","phone":")" + phone + "\"}").status, 200);
  EXPECT_REPLY(call("/otp/generate", {}), 400, R"({"message":"Phone number is required"})");
  for (int i = 0; i < rounds; ++i) {
    EXPECT_REPLY(call("/otp/generate", {{"phone_number", phone}}), 200,
                 R"({"message":"OTP sent successfully"})");
    EXPECT_REPLY(call("/otp/verify", {{"phone_number", phone}, {"otp", server.wrong_code_for(phone)}}), 400,
                 R"({"message":"OTP has expired or invalid"})");
    EXPECT_REPLY(call("/otp/verify", {{"phone_number", phone}, {"otp", server.code_for(phone)}}), 200,
                 R"({"message":"Phone number verified successfully"})");
  }
  EXPECT_REPLY(call("/otp/generate", {{"phone_number", nobody}}), 200,
               R"({"message":"OTP sent successfully"})");
  EXPECT_REPLY(call("/otp/verify", {{"phone_number", nobody}, {"otp", server.code_for("+12125550124")}}), 404,
               R"({"message":"Employee not found"})");
}

TEST_P(VerificationFlows, OfS1) {
  const auto refused = [](const std::string& message) {
    return R"({"message":")" + message + R"(","status":"error","verified":false})";
  };
  const std::string phone = "255694230173", spelled = " +255 694 230 173 ", to = "+255694230173";
  EXPECT_REPLY(call("/api/users/send-otp", {}), 400, R"({"message":"Phone number is required"})");
  EXPECT_REPLY(call("/api/users/send-otp", {{"phone", "0694230173"}}), 400,
               R"({"message":"Invalid phone number format"})");
  EXPECT_REPLY(call("/api/users/verify-otp", {{"phone", phone}}), 400, refused("OTP code is required"));
  for (int i = 0; i < rounds; ++i) {
    const std::string type = i % 2 == 0 ? "Login" : "Registration";
    EXPECT_REPLY(call("/api/users/send-otp", {{"phone", spelled}, {"verification_type", type}}), 200,
                 R"({"message":"OTP sent successfully","status":"success"})");
    const auto verify = [&](const std::string& code, const std::string& named) {
      return call("/api/users/verify-otp", {{"phone", phone}, {"otp", code}, {"verification_type", named}});
    };
    const std::string code = server.code_for(to);
    EXPECT_REPLY(verify(server.wrong_code_for(to), type), 400, refused("Invalid OTP code"));
    EXPECT_REPLY(verify(code, "Other"), 400, refused("Invalid OTP code"));
    EXPECT_REPLY(verify(code, type), 200,
                 R"({"message":"OTP verified successfully","status":"success","verified":true})");
    EXPECT_REPLY(verify(code, type), 400, refused("Invalid OTP code"));
  }
}

INSTANTIATE_TEST_SUITE_P(Bodies, VerificationFlows, testing::ValuesIn(spellings),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace otpd::dialects::test
