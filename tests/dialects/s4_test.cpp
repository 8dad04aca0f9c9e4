// System s4, row by row (../shared/wire/five-systems.md). Its page: home_page_test.cpp.

#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

constexpr const char* sent = R"({"message":"OTP sent"})";
constexpr const char* not_right = R"({"message":"Invalid or expired OTP"})";
constexpr const char* no_token = R"({"detail":"Authentication credentials were not provided."})";
constexpr const char* bad_token =
    R"({"detail":"Given token not valid for any token type","code":"token_not_valid",)"
    R"("messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is invalid or expired"}]})";

class S4 : public testing::Test {
 protected:
  // `who` is a member, such as "email":"ann@example.com".
  reply call(const std::string& path, const std::string& who, const std::string& more = {}) {
    return server.post(path, "{" + who + more + "}");
  }
  reply verify(const std::string& who, const std::string& code) {
    return call("/verify-otp/", who, R"(,"code":")" + code + "\"");
  }
  reply profile(const std::string& token, const std::string& scheme = "Bearer ") {
    return server.ask("GET", "/profile/", "Authorization: " + scheme + token + "\r\n");
  }

  dialect_server server;
};

TEST_F(S4, AnEmailIsARegistrationAndALogin) {
  const std::string who = R"("email":"ann@example.com")";
  for (const char* path : {"/register/", "/login/"}) {
    EXPECT_REPLY(call(path, who), 200, sent);
    const std::string code = server.code_for("ann@example.com");
    EXPECT_EQ(code.size(), 6U);
    EXPECT_REPLY(verify(who, server.wrong_code_for("ann@example.com")), 400, not_right);
    const reply in = verify(who, code);
    ASSERT_EQ(in.status, 200) << show(in);
    EXPECT_EQ(in.text("message"), "OTP verified successfully");
    const reply mine = profile(in.text("access"));
    EXPECT_EQ(mine.status, 200);
    EXPECT_EQ(mine.text("id").size(), 36U);
    EXPECT_EQ(mine.body, R"({"id":")" + mine.text("id") +
                             R"(","email":"ann@example.com","mobile":null,"is_verified":true})");
    EXPECT_REPLY(verify(who, code), 400, not_right) << "once";
  }
}

TEST_F(S4, AMobileNumberToo) {
  EXPECT_REPLY(call("/register/", R"("mobile":"(212) 555-0123")"), 200, sent);
  const reply in = verify(R"("mobile":"+12125550123")", server.code_for("+12125550123"));
  ASSERT_EQ(in.status, 200) << show(in);
  EXPECT_EQ(profile(in.text("access")).text("mobile"), "+12125550123");
}

TEST_F(S4, SaysWhatIsMissing) {
  EXPECT_REPLY(call("/register/", ""), 400, R"({"message":"Email or mobile is required"})");
  EXPECT_REPLY(call("/login/", R"("email":"x@")"), 400, R"({"message":"Enter a valid email address"})");
  EXPECT_REPLY(call("/login/", R"("email":"+12125550123")"), 400,
               R"({"message":"Enter a valid email address"})");
  EXPECT_REPLY(call("/login/", R"("mobile":"x")"), 400, R"({"message":"Enter a valid mobile number"})");
  EXPECT_REPLY(call("/login/", R"("mobile":"ann@example.com")"), 400,
               R"({"message":"Enter a valid mobile number"})");
  EXPECT_REPLY(call("/verify-otp/", R"("email":"ann@example.com")"), 400,
               R"({"message":"OTP code is required"})");
  EXPECT_REPLY(verify(R"("email":"nobody@example.com")", "123456"), 400, not_right);
}

TEST_F(S4, KnownAndUnknownAddressesAreAnsweredAlike) {
  const std::string known = R"("email":"ann@example.com")", unknown = R"("email":"bob@example.com")";
  ASSERT_EQ(call("/register/", known).status, 200);
  ASSERT_EQ(verify(known, server.code_for("ann@example.com")).status, 200);
  for (const char* path : {"/register/", "/login/"}) {
    const reply one = call(path, known), other = call(path, unknown);
    EXPECT_EQ(one.status, other.status);
    EXPECT_EQ(one.body, other.body);
  }
  EXPECT_EQ(server.code_for("bob@example.com").size(), 6U);
}

TEST_F(S4, TheProfileNeedsAToken) {
  const reply none = server.ask("GET", "/profile/");
  EXPECT_REPLY(none, 401, no_token);
  EXPECT_EQ(none.field("WWW-Authenticate"), R"(Bearer realm="api")");
  EXPECT_REPLY(profile("x.y.z"), 401, bad_token);
  EXPECT_REPLY(profile("abc", "Basic "), 401, no_token);
}

TEST_F(S4, AnotherSystemsTokenIsNothingHere) {
  const std::string uuid = server.post("/api/auth/otp/create/", R"({"receiver":"09123456789"})").text("uuid");
  const reply pair =
      server.post("/api/auth/otp/verify/", R"({"uuid":")" + uuid + R"(","receiver":"09123456789","code":")" +
                                               server.code_for("+989123456789") + "\"}");
  ASSERT_EQ(pair.status, 200) << show(pair);
  EXPECT_REPLY(profile(pair.text("access")), 401, bad_token);
  EXPECT_REPLY(profile(pair.text("refresh")), 401, bad_token);
}

TEST_F(S4, ADisabledAccountsTokenIsDeadAtOnce) {
  const std::string who = R"("email":"ann@example.com")";
  ASSERT_EQ(call("/register/", who).status, 200);
  const std::string token = verify(who, server.code_for("ann@example.com")).text("access");
  ASSERT_EQ(profile(token).status, 200);
  ASSERT_EQ(
      server.administer("/accounts", R"({"realm":"s4","email":"ann@example.com","disabled":true})").status,
      200);
  EXPECT_REPLY(profile(token), 401, bad_token);
}

TEST(S4Limits, AreSaid) {
  dialect_server server("[profiles.s4]\nsends = '1/10m'\n");
  const std::string body = R"({"email":"ann@example.com"})";
  ASSERT_EQ(server.post("/register/", body).status, 200);
  const reply refused = server.post("/login/", body);
  EXPECT_REPLY(refused, 429, R"({"message":"Too many OTP requests. Please try again later."})");
  EXPECT_GT(std::stoi(refused.field("Retry-After")), 590);
  EXPECT_REPLY(server.post("/login/", R"({"mobile":"+12125550199"})"), 503,
               R"({"message":"Please try again later."})");
}

TEST_F(S4, TheCodeLivesTwoMinutes) {
  const config all = parse_config("", "t");
  EXPECT_EQ(std::ranges::find(all.profiles, "s4", &otp::profile::name)->lifetime, std::chrono::minutes(2));
}

}  // namespace
}  // namespace otpd::dialects::test
