// System s2, row by row (../shared/wire/five-systems.md).

#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

constexpr const char* sent = R"({"message":"OTP sent to phone number"})";
constexpr const char* verified = R"({"message":"OTP verified successfully, proceed to login"})";
constexpr const char* logged_in = R"({"message":"Login successful"})";
constexpr const char* not_right = R"({"message":"Invalid or expired OTP"})";
constexpr const char* no_login = R"({"message":"Invalid credentials"})";

class S2 : public testing::Test {
 protected:
  // Failures are not what is tested here.
  S2() : server("[dialects.s2]\nfailures = 100\n") {}

  reply call(const std::string& path, const std::string& phone, const std::string& members,
             const std::string& cookie) {
    return server.post(path, R"({"phone_number":")" + phone + "\"" + members + "}", json, cookie);
  }
  reply start(const std::string& phone, const std::string& members = {}) {
    return call("/api/register/", phone, members, {});
  }
  reply verify(const std::string& phone, const std::string& code, const std::string& cookie) {
    return call("/api/verify-otp/", phone, R"(,"code":")" + code + "\"", cookie);
  }
  reply login(const std::string& phone, const std::string& members, const std::string& cookie = {}) {
    return call("/api/login/", phone, members, cookie);
  }
  // A registered number.
  void registered(const std::string& phone, const std::string& password = {}) {
    const reply began = start(phone, password.empty() ? "" : R"(,"password":")" + password + "\"");
    ASSERT_EQ(began.status, 200) << show(began);
    ASSERT_EQ(verify(phone, server.code_for(phone), began.cookie()).status, 200);
  }

  dialect_server server;
};

TEST_F(S2, RegistersWithinASession) {
  const reply began = start("+12125550123");
  EXPECT_REPLY(began, 200, sent);
  EXPECT_EQ(server.code_for("+12125550123").size(), 6U);
  const std::string set = began.field("Set-Cookie");
  EXPECT_EQ(set.find("sessionid="), 0U);
  EXPECT_NE(set.find("; HttpOnly; SameSite=Lax"), std::string::npos) << set;
  EXPECT_REPLY(verify("+12125550123", server.wrong_code_for("+12125550123"), began.cookie()), 400, not_right);
  const reply done = verify("(212) 555-0123", server.code_for("+12125550123"), began.cookie());
  EXPECT_REPLY(done, 200, verified);
  EXPECT_NE(done.cookie(), "");
  EXPECT_NE(done.cookie(), began.cookie()) << "a session that was planted leads nowhere";
  EXPECT_REPLY(verify("+12125550123", server.code_for("+12125550123"), done.cookie()), 400, not_right)
      << "once";
  EXPECT_REPLY(verify("+12125550123", server.code_for("+12125550123"), began.cookie()), 400, not_right);
}

TEST(S2BehindAProxy, ItsCookiesAreSecureWhereTheProxySaysSo) {
  dialect_server server("", [](config& all) { all.server.trusted_proxies = {"127.0.0.1"}; });
  const std::string body = R"({"phone_number":"+12125550123"})", https = "X-Forwarded-Proto: https\r\n";
  const reply began = server.post("/api/register/", body, json, https);
  EXPECT_NE(began.field("Set-Cookie").find("; Secure"), std::string::npos);
  const std::string coded =
      R"({"phone_number":"+12125550123","code":")" + server.code_for("+12125550123") + "\"}";
  const reply done = server.post("/api/verify-otp/", coded, json, began.cookie() + https);
  EXPECT_REPLY(done, 200, verified);
  EXPECT_NE(done.field("Set-Cookie").find("; Secure"), std::string::npos);
  EXPECT_NE(server.ask("GET", "/home/", https).field("Strict-Transport-Security"), "");
  EXPECT_EQ(server.ask("GET", "/home/").field("Strict-Transport-Security"), "");
}

TEST_F(S2, ACodeOfAnotherSessionIsRefused) {
  const reply mine = start("+12125550123");
  const std::string code = server.code_for("+12125550123");
  const reply theirs = start("+12125550123");
  const std::string other = server.code_for("+12125550123");
  EXPECT_REPLY(verify("+12125550123", code, {}), 400, not_right) << "no session";
  EXPECT_REPLY(verify("+12125550123", code, "Cookie: sessionid=" + std::string(32, 'A') + "\r\n"), 400,
               not_right);
  if (code != other) {
    EXPECT_REPLY(verify("+12125550123", code, theirs.cookie()), 400, not_right);
    EXPECT_REPLY(verify("+12125550123", other, mine.cookie()), 400, not_right);
  }
  EXPECT_REPLY(verify("+12125550124", code, mine.cookie()), 400, not_right) << "another number";
  EXPECT_REPLY(verify("+12125550123", code, mine.cookie()), 200, verified);
}

TEST_F(S2, AMissingNumberOrCodeIsSaid) {
  for (const char* path : {"/api/register/", "/api/verify-otp/", "/api/login/"}) {
    EXPECT_REPLY(server.post(path, "{}"), 400, R"({"message":"Phone number is required"})");
    EXPECT_REPLY(server.post(path, R"({"phone_number":"x"})"), 400,
                 R"({"message":"Enter a valid phone number"})");
  }
  EXPECT_REPLY(call("/api/verify-otp/", "+12125550123", "", {}), 400,
               R"({"message":"OTP code is required"})");
}

TEST_F(S2, APasswordCountsOnceTheNumberIsVerified) {
  const reply began = start("+12125550123", R"(,"password":"correct horse")");
  EXPECT_REPLY(began, 200, sent);
  EXPECT_REPLY(login("+12125550123", R"(,"password":"correct horse")"), 400, no_login) << "not verified yet";
  EXPECT_REPLY(verify("+12125550123", server.code_for("+12125550123"), began.cookie()), 200, verified);
  EXPECT_REPLY(login("+12125550123", R"(,"password":"wrong horse")"), 400, no_login);
  const reply in = login("+12125550123", R"(,"password":"correct horse")");
  EXPECT_REPLY(in, 200, logged_in);
  EXPECT_NE(in.cookie(), "");
  EXPECT_REPLY(start("+12125550124", R"(,"password":"12345")"), 400,
               R"({"message":"Password is too short"})");
  EXPECT_REPLY(start("+12125550124", R"(,"password":")" + std::string(129, 'x') + "\""), 400,
               R"({"message":"Password is too long"})");
}

TEST_F(S2, SomebodyElsesRegistrationChangesNoPassword) {
  registered("+12125550123", "correct horse");
  EXPECT_REPLY(start("+12125550123", R"(,"password":"their own")"), 200, sent);
  EXPECT_REPLY(login("+12125550123", R"(,"password":"their own")"), 400, no_login);
  EXPECT_REPLY(login("+12125550123", R"(,"password":"correct horse")"), 200, logged_in);
}

TEST_F(S2, LogsInByCode) {
  registered("+12125550123");
  const reply began = login("+12125550123", "");
  EXPECT_REPLY(began, 200, sent);
  const std::string code = server.code_for("+12125550123");
  EXPECT_REPLY(login("+12125550123", R"(,"code":")" + code + "\""), 400, no_login) << "no session";
  EXPECT_REPLY(verify("+12125550123", code, began.cookie()), 400, not_right) << "it is for the login";
  const reply in = login("+12125550123", R"(,"otp":")" + code + "\"", began.cookie());
  EXPECT_REPLY(in, 200, logged_in);
  EXPECT_NE(in.cookie(), began.cookie());
  EXPECT_REPLY(login("+12125550123", R"(,"otp":")" + code + "\"", in.cookie()), 400, no_login) << "once";
}

TEST_F(S2, TakesTheCodeAsThePassword) {
  registered("+12125550123", "222222");
  const reply began = login("+12125550123", "");
  EXPECT_REPLY(login("+12125550123", R"(,"password":"222222")", began.cookie()), 200, logged_in)
      << "a password that looks like a code";
  const reply again = login("+12125550123", "");
  EXPECT_REPLY(
      login("+12125550123", R"(,"password":")" + server.code_for("+12125550123") + "\"", again.cookie()), 200,
      logged_in);
}

TEST_F(S2, AnsweredAlikeWhetherRegisteredOrNot) {
  registered("+12125550123", "correct horse");
  const auto same = [this](const std::string& path, const std::string& members) {
    const reply known = call(path, "+12125550123", members, {});
    const reply unknown = call(path, "+12125550199", members, {});
    // The sink refuses numbers that end in 99: only where nothing is sent both have to be alike.
    if (members.empty()) return;
    EXPECT_EQ(known.status, unknown.status) << members;
    EXPECT_EQ(known.body, unknown.body) << members;
    EXPECT_EQ(known.field("Set-Cookie").size(), unknown.field("Set-Cookie").size());
  };
  same("/api/login/", R"(,"password":"wrong horse")");
  same("/api/login/", R"(,"code":"123456")");
  same("/api/verify-otp/", R"(,"code":"123456")");
  const reply known = start("+12125550123"), unknown = start("+12125550124");
  EXPECT_EQ(known.body, unknown.body);
  EXPECT_EQ(known.status, unknown.status);
}

}  // namespace
}  // namespace otpd::dialects::test
