// The ways of s2, s3 and s4 from end to end, in each kind of body, with the trailing slash and without it.

#include "dialects/bodies.hpp"
#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

class Flows : public testing::TestWithParam<spelling> {
 protected:
  reply call(const std::string& path, const members& all, const std::string& cookie = {}) {
    return server.post(path + (GetParam().has_slash ? "/" : ""), GetParam().write(all), GetParam().type,
                       cookie);
  }

  dialect_server server{"[dialects.s2]\nfailures = 100\n"};
};

TEST_P(Flows, OfS2) {
  const std::string phone = "+12125550123";
  const reply began = call("/api/register", {{"phone_number", phone}, {"password", "correct"}});
  EXPECT_REPLY(began, 200, R"({"message":"OTP sent to phone number"})");
  EXPECT_REPLY(call("/api/verify-otp", {{"phone_number", phone}, {"code", server.wrong_code_for(phone)}},
                    began.cookie()),
               400, R"({"message":"Invalid or expired OTP"})");
  EXPECT_REPLY(
      call("/api/verify-otp", {{"phone_number", phone}, {"code", server.code_for(phone)}}, began.cookie()),
      200, R"({"message":"OTP verified successfully, proceed to login"})");
  EXPECT_REPLY(call("/api/login", {{"phone_number", phone}, {"password", "correct"}}), 200,
               R"({"message":"Login successful"})");
  EXPECT_REPLY(call("/api/login", {{"phone_number", phone}, {"password", "wrong one"}}), 400,
               R"({"message":"Invalid credentials"})");
  const reply asked = call("/api/login", {{"phone_number", phone}});
  EXPECT_REPLY(asked, 200, R"({"message":"OTP sent to phone number"})");
  EXPECT_REPLY(
      call("/api/login", {{"phone_number", phone}, {"code", server.code_for(phone)}}, asked.cookie()), 200,
      R"({"message":"Login successful"})");
}

TEST_P(Flows, OfS3) {
  const reply made = call("/api/auth/otp/create", {{"receiver", "09123456789"}});
  ASSERT_EQ(made.status, 200) << show(made);
  const members wrong{{"uuid", made.text("uuid")},
                      {"receiver", "09123456789"},
                      {"code", server.wrong_code_for("+989123456789")}};
  EXPECT_REPLY(call("/api/auth/otp/verify", wrong), 400, R"({"detail":"Invalid or expired code."})");
  members right = wrong;
  right.back().second = server.code_for("+989123456789");
  const reply pair = call("/api/auth/otp/verify", right);
  ASSERT_EQ(pair.status, 200) << show(pair);
  EXPECT_EQ(pair.body,
            R"({"access":")" + pair.text("access") + R"(","refresh":")" + pair.text("refresh") + "\"}");
  const reply next = call("/api/auth/otp/refresh", {{"refresh", pair.text("refresh")}});
  ASSERT_EQ(next.status, 200) << show(next);
  EXPECT_EQ(next.body,
            R"({"access":")" + next.text("access") + R"(","refresh":")" + next.text("refresh") + "\"}");
  for (const reply& each : {pair, next}) {
    EXPECT_EQ(each.field("Cache-Control"), "no-store");
    EXPECT_EQ(each.field("Content-Type"), "application/json");
  }
}

TEST_P(Flows, OfS4) {
  for (const auto& [name, typed, canonical] : {std::tuple("email", "ann@example.com", "ann@example.com"),
                                               std::tuple("mobile", "(212) 555-0123", "+12125550123")}) {
    for (const char* path : {"/register", "/login"}) {
      EXPECT_REPLY(call(path, {{name, typed}}), 200, R"({"message":"OTP sent"})");
      EXPECT_REPLY(call("/verify-otp", {{name, typed}, {"code", server.wrong_code_for(canonical)}}), 400,
                   R"({"message":"Invalid or expired OTP"})");
      const reply in = call("/verify-otp", {{name, typed}, {"code", server.code_for(canonical)}});
      ASSERT_EQ(in.status, 200) << show(in);
      EXPECT_EQ(in.body, R"({"message":"OTP verified successfully","access":")" + in.text("access") + "\"}");
      EXPECT_EQ(in.field("Cache-Control"), "no-store");
      const std::string bearer = "Authorization: Bearer " + in.text("access") + "\r\n";
      EXPECT_EQ(server.ask("GET", GetParam().has_slash ? "/profile/" : "/profile", bearer).text(name),
                canonical);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Spelled, Flows, testing::ValuesIn(spellings),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace otpd::dialects::test
