// A code that a client has read as a number has lost the zeros that it began with: it is right all the same.

#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

// Test recipients have codes of the test's choice.
std::string recipient(const char* to, const char* code) {
  return std::string("[[test_recipients]]\nexpires = '2999-01-01'\nto = '") + to + "'\ncode = '" + code +
         "'\n";
}

class NumberCodes : public testing::Test {
 protected:
  dialect_server server{recipient("+12125550141", "0042") + recipient("+12125550142", "000042") +
                        recipient("+989123456789", "00000")};
};

TEST_F(NumberCodes, S0) {
  ASSERT_EQ(server.administer("/accounts", R"({"realm":"s0","phone":"+12125550141"})").status, 200);
  ASSERT_EQ(server.post("/otp/generate/", R"({"phone_number":"+12125550141"})").status, 200);
  for (const char* wrong : {R"("42")", "420", "-42", "42.0", "4.2e1", "43"}) {
    EXPECT_REPLY(
        server.post("/otp/verify/", std::string(R"({"phone_number":"+12125550141","otp":)") + wrong + "}"),
        400, R"({"message":"OTP has expired or invalid"})")
        << wrong;
  }
  EXPECT_REPLY(server.post("/otp/verify/", R"({"phone_number":"+12125550141","otp":42})"), 200,
               R"({"message":"Phone number verified successfully"})");
}

// Its system compared integers, so texts may lack them as well, and have more.
TEST_F(NumberCodes, S1) {
  for (const char* right : {"42", R"("42")", R"("0042")", R"("00000042")", R"("٤٢")"}) {
    dialect_server own(recipient("+12125550141", "0042"));
    ASSERT_EQ(own.post("/api/users/send-otp/", R"({"phone":"12125550141"})").status, 200);
    EXPECT_EQ(own.post("/api/users/verify-otp/", R"({"phone":"12125550141","otp":"420"})").status, 400);
    EXPECT_REPLY(
        own.post("/api/users/verify-otp/", std::string(R"({"phone":"12125550141","otp":)") + right + "}"),
        200, R"({"message":"OTP verified successfully","status":"success","verified":true})")
        << right;
  }
}

TEST_F(NumberCodes, S2) {
  const std::string phone = R"("phone_number":"+12125550142")";
  const reply began = server.post("/api/register/", "{" + phone + "}");
  EXPECT_REPLY(server.post("/api/verify-otp/", "{" + phone + R"(,"code":"42"})", json, began.cookie()), 400,
               R"({"message":"Invalid or expired OTP"})");
  EXPECT_REPLY(server.post("/api/verify-otp/", "{" + phone + R"(,"code":42})", json, began.cookie()), 200,
               R"({"message":"OTP verified successfully, proceed to login"})");
  const reply asked = server.post("/api/login/", "{" + phone + "}");
  EXPECT_REPLY(server.post("/api/login/", "{" + phone + R"(,"otp":42})", json, asked.cookie()), 200,
               R"({"message":"Login successful"})");
}

TEST_F(NumberCodes, S3) {
  const std::string receiver = R"("receiver":"09123456789")";
  const reply made = server.post("/api/auth/otp/create/", "{" + receiver + "}");
  const std::string members = "{" + receiver + R"(,"uuid":")" + made.text("uuid") + R"(","code":)";
  EXPECT_EQ(server.post("/api/auth/otp/verify/", members + R"("0"})").status, 400);
  EXPECT_EQ(server.post("/api/auth/otp/verify/", members + "0}").status, 200);
}

TEST_F(NumberCodes, S4) {
  const std::string mobile = R"("mobile":"+12125550142")";
  ASSERT_EQ(server.post("/login/", "{" + mobile + "}").status, 200);
  EXPECT_EQ(server.post("/verify-otp/", "{" + mobile + R"(,"code":"42"})").status, 400);
  EXPECT_EQ(server.post("/verify-otp/", "{" + mobile + R"(,"code":42})").status, 200);
}

}  // namespace
}  // namespace otpd::dialects::test
