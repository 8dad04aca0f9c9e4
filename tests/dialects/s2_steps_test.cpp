// System s2: what its answers and its work do not tell, and what it does not count (RELIABILITY A6, A24, V4).

#include <regex>
#include <set>

#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

constexpr const char* logged_in = R"({"message":"Login successful"})";
constexpr const char* no_login = R"({"message":"Invalid credentials"})";
constexpr const char* blocked = R"({"message":"Too many failed attempts. Try again later."})";

// Without the date and what is random in a cookie.
std::string bytes_of(const reply& what) {
  static const std::regex date("\r\nDate: [^\r]*"), session("sessionid=[A-Za-z0-9_-]{32};");
  const std::string head = std::regex_replace(what.head, date, "");
  return std::regex_replace(head, session, "sessionid=;") + what.body;
}

std::string body_of(const std::string& phone, const std::string& members) {
  return R"({"phone_number":")" + phone + "\"" + members + "}";
}

class S2Steps : public testing::Test {
 protected:
  explicit S2Steps(const std::string& tables = "[dialects.s2]\nfailures = 100\n") : server(tables) {}

  reply call(const std::string& path, const std::string& phone, const std::string& members,
             const std::string& cookie = {}) {
    return server.post(path, body_of(phone, members), json, cookie);
  }
  reply verify(const std::string& phone, const std::string& cookie) {
    return call("/api/verify-otp/", phone, R"(,"code":")" + server.code_for(phone) + "\"", cookie);
  }
  reply password(const std::string& phone, const std::string& word) {
    return call("/api/login/", phone, R"(,"password":")" + word + "\"");
  }
  void registered(const std::string& phone, const std::string& members = {}) {
    const reply began = call("/api/register/", phone, members);
    ASSERT_EQ(verify(phone, began.cookie()).status, 200);
  }
  // Updates of the store that are durable.
  double updates() { return otpd::test::metric(server.otpd().admin_port(), "otpd_store_updates_total"); }

  dialect_server server;
};

TEST_F(S2Steps, KnownAndUnknownNumbersMakeTheSameBytesAndTheSameWork) {
  const std::string with_password = "+12125550101", with_none = "+12125550102", off = "+12125550103",
                    nobody = "+12125550104";
  registered(with_password, R"(,"password":"correct horse")");
  registered(with_none);
  registered(off, R"(,"password":"correct horse")");
  const std::string disable = R"({"realm":"s2","phone":"+12125550103","disabled":true})";
  ASSERT_EQ(server.administer("/accounts", disable).status, 200);
  struct asked {
    const char* path;
    const char* members;
  };
  for (const asked& each :
       {asked{"/api/register/", ""}, asked{"/api/register/", R"(,"password":"another horse")"},
        asked{"/api/login/", ""}, asked{"/api/login/", R"(,"password":"wrong horse")"},
        asked{"/api/login/", R"(,"password":"123456")"}, asked{"/api/login/", R"(,"code":"123456")"},
        asked{"/api/verify-otp/", R"(,"code":"123456")"}}) {
    SCOPED_TRACE(std::string(each.path) + each.members);
    std::vector<std::pair<std::string, double>> seen;
    for (const std::string& phone : {with_password, with_none, off, nobody}) {
      const double before = updates();
      const reply said = call(each.path, phone, each.members);
      seen.emplace_back(bytes_of(said), updates() - before);
    }
    for (const auto& one : seen)
      EXPECT_EQ(one, seen.front());
    EXPECT_GE(seen.front().second, 1);
  }
}

TEST_F(S2Steps, ADisabledAccountIsAnsweredAsAWrongPassword) {
  registered("+12125550123", R"(,"password":"correct horse")");
  const std::string disable = R"({"realm":"s2","phone":"+12125550123","disabled":true})";
  ASSERT_EQ(server.administer("/accounts", disable).status, 200);
  EXPECT_REPLY(password("+12125550123", "correct horse"), 400, no_login);
  const reply began = call("/api/login/", "+12125550123", "");
  EXPECT_REPLY(call("/api/login/", "+12125550123", R"(,"code":")" + server.code_for("+12125550123") + "\"",
                    began.cookie()),
               400, no_login);
}

// The code that was sent into it is still good, but the session is not there any more.
TEST_F(S2Steps, ASessionThatSomebodyPlantedEndsAtEachStep) {
  const std::string phone = "+12125550123", words = R"(,"password":"correct horse")";
  const auto code_of = [&] { return R"(,"code":")" + server.code_for(phone) + "\""; };
  const reply planted = call("/api/register/", phone, words);
  const std::string first = code_of();
  const reply again = call("/api/register/", phone, words, planted.cookie());
  ASSERT_EQ(again.status, 200);
  EXPECT_EQ(call("/api/verify-otp/", phone, first, planted.cookie()).status, 400) << "after registering";
  const reply proven = verify(phone, again.cookie());
  ASSERT_EQ(proven.status, 200);
  const reply asked = call("/api/login/", phone, "", proven.cookie());
  const std::string second = code_of();
  const reply in = call("/api/login/", phone, words, asked.cookie());
  ASSERT_EQ(in.status, 200);
  EXPECT_REPLY(call("/api/login/", phone, second, asked.cookie()), 400, no_login) << "after logging in";
  std::set<std::string> cookies;
  for (const reply& each : {planted, again, proven, asked, in})
    EXPECT_TRUE(cookies.insert(each.cookie()).second) << each.cookie();
}

TEST_F(S2Steps, ARegistrationsCodeLogsNobodyIn) {
  const reply began = call("/api/register/", "+12125550123", "");
  const std::string code = server.code_for("+12125550123");
  for (const char* name : {"code", "otp", "password"}) {
    const std::string member = std::string(",\"") + name + "\":\"" + code + "\"";
    EXPECT_REPLY(call("/api/login/", "+12125550123", member, began.cookie()), 400, no_login) << name;
  }
  EXPECT_EQ(verify("+12125550123", began.cookie()).status, 200) << "nor was it used up";
}

TEST_F(S2Steps, ARefusedRequestKeepsTheSession) {
  const reply began = call("/api/login/", "+12125550123", "");
  const std::string code = server.code_for("+12125550123");
  EXPECT_REPLY(call("/api/login/", "+12125550123", R"(,"code":"")", began.cookie()), 400,
               R"({"message":"OTP code is required"})");
  for (const char* empty : {R"(,"password":"")", R"(,"password":null)", R"(,"password":["x"])"})
    EXPECT_REPLY(call("/api/login/", "+12125550123", empty, began.cookie()), 400, no_login) << empty;
  EXPECT_EQ(server.code_for("+12125550123"), code) << "nothing was sent";
  EXPECT_REPLY(call("/api/login/", "+12125550123", R"(,"code":")" + code + "\"", began.cookie()), 200,
               logged_in);
}

TEST_F(S2Steps, OtherSitesPagesStartNothing) {
  const double before = updates();
  const std::string foreign = "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n";
  for (const char* path : {"/api/register/", "/api/verify-otp/", "/api/login/"}) {
    for (const std::string_view type : {json, form}) {
      const std::string body =
          type == json ? body_of("+12125550123", "") : std::string("phone_number=2125550123&password=x");
      const reply said = server.post(path, body, type, foreign);
      EXPECT_EQ(said.status, 403);
      EXPECT_EQ(said.cookie(), "");
    }
    EXPECT_EQ(server.post(path, body_of("+12125550123", ""), "text/plain").status, 415);
    EXPECT_EQ(server.ask("GET", path).status, 405);
  }
  EXPECT_EQ(updates(), before);
}

TEST_F(S2Steps, PasswordsAreCountedInCharacters) {
  EXPECT_EQ(call("/api/register/", "+12125550123", R"(,"password":"\u00e4\u00f6\u00fc")").status, 400);
  EXPECT_EQ(
      call("/api/register/", "+12125550123", R"(,"password":"\u00e4\u00f6\u00fc\u00df\u00e9\u00e8")").status,
      200);
}

// ---- what is counted
// ----------------------------------------------------------------------------------------------------

TEST(S2Counts, WrongPasswordsAtOneNumberWhoeverSendsThem) {
  dialect_server server("", [](config& all) { all.server.trusted_proxies = {"127.0.0.1"}; });
  for (const char* phone : {"+12125550123", "+12125550124"}) {
    for (int i = 0; i < 11; ++i) {
      const std::string from = "X-Forwarded-For: 203.0.113." + std::to_string(i) + "\r\n";
      const reply said =
          server.post("/api/login/", body_of(phone, R"(,"password":"wrong horse")"), json, from);
      if (i < 10) {
        EXPECT_REPLY(said, 400, no_login) << i;
      } else {
        EXPECT_REPLY(said, 403, blocked);
      }
    }
  }
  // Nothing was judged there, so it is no failure of the client's: a code still lets it in.
  const std::string from = "X-Forwarded-For: 203.0.113.50\r\n";
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(server.post("/api/login/", body_of("+12125550123", R"(,"password":"x")"), json, from).status,
              403);
  const reply began = server.post("/api/login/", body_of("+12125550123", ""), json, from);
  const std::string code = R"(,"code":")" + server.code_for("+12125550123") + "\"";
  EXPECT_REPLY(server.post("/api/login/", body_of("+12125550123", code), json, from + began.cookie()), 200,
               logged_in);
}

TEST(S2Counts, ANewPasswordOfTheNumbersOwnerEndsThatBlock) {
  dialect_server server("[dialects.s2]\nfailures = 100\n");
  for (int i = 0; i < 11; ++i)
    static_cast<void>(server.post("/api/login/", body_of("+12125550123", R"(,"password":"wrong horse")")));
  const std::string mine = body_of("+12125550123", R"(,"password":"correct horse")");
  EXPECT_REPLY(server.post("/api/login/", mine), 403, blocked);
  const reply began = server.post("/api/register/", mine);
  EXPECT_REPLY(server.post("/api/login/", mine), 403, blocked) << "asking is not proving";
  const std::string code = R"(,"code":")" + server.code_for("+12125550123") + "\"";
  ASSERT_EQ(server.post("/api/verify-otp/", body_of("+12125550123", code), json, began.cookie()).status, 200);
  EXPECT_REPLY(server.post("/api/login/", mine), 200, logged_in);
}

TEST(S2Counts, AClientWhoseWrongCodesAreUsedUpIsToldSo) {
  dialect_server server("[dialects.s2]\nfailures = 100\n[limits]\nfailures_per_ip = '2/1h'\n");
  const reply began = server.post("/api/register/", body_of("+12125550123", ""));
  const std::string wrong = R"(,"code":")" + server.wrong_code_for("+12125550123") + "\"";
  const auto verify = [&](const std::string& code) {
    return server.post("/api/verify-otp/", body_of("+12125550123", code), json, began.cookie());
  };
  EXPECT_EQ(verify(wrong).status, 400);
  EXPECT_EQ(verify(wrong).status, 400);
  const reply refused = verify(R"(,"code":")" + server.code_for("+12125550123") + "\"");
  EXPECT_REPLY(refused, 403, blocked);
  EXPECT_GT(std::stoi(refused.field("Retry-After")), 0);
}

TEST(S2Counts, TooManyMessages) {
  dialect_server server("[profiles.s2]\nsends = '1/10m'\n");
  EXPECT_EQ(server.post("/api/register/", body_of("+12125550123", "")).status, 200);
  const reply refused = server.post("/api/register/", body_of("+12125550123", ""));
  EXPECT_REPLY(refused, 429, R"({"message":"Too many OTP requests. Please try again later."})");
  EXPECT_GT(std::stoi(refused.field("Retry-After")), 590);
  EXPECT_EQ(refused.cookie(), "") << "the session that was there goes on";
}

}  // namespace
}  // namespace otpd::dialects::test
