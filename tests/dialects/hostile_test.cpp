// RELIABILITY A14, A17, A18: whatever is sent to the five systems' routes, nothing succeeds that must not,
// nothing breaks, and every answer is one of theirs.

#include <boost/json.hpp>

#include "api/data_files.hpp"
#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

struct route_and_members {
  const char* path;
  std::vector<std::pair<std::string, std::string>> members;
};

std::vector<route_and_members> every_route() {
  return {
      {"/otp/generate/", {{"phone_number", "x"}}},
      {"/otp/verify/", {{"phone_number", "+12125550123"}, {"otp", "1234"}}},
      {"/api/users/send-otp/", {{"phone", "x"}, {"verification_type", "Login"}}},
      {"/api/users/verify-otp/",
       {{"phone", "255694230173"}, {"otp", "1234"}, {"verification_type", "Login"}}},
      {"/api/register/", {{"phone_number", "x"}, {"password", "x"}}},
      {"/api/verify-otp/", {{"phone_number", "+12125550123"}, {"code", "123456"}}},
      {"/api/login/", {{"phone_number", "+12125550123"}, {"password", "x"}, {"code", "123456"}}},
      {"/api/auth/otp/create/", {{"receiver", "x"}}},
      {"/api/auth/otp/verify/",
       {{"uuid", "69559251-5247-442b-9f6e-685da251fcf2"}, {"receiver", "09123456789"}, {"code", "12345"}}},
      {"/api/auth/otp/refresh/", {{"refresh", "x"}}},
      {"/register/", {{"email", "x"}, {"mobile", "x"}}},
      {"/login/", {{"email", "x"}}},
      {"/verify-otp/", {{"email", "ann@example.com"}, {"code", "123456"}}},
  };
}

// The members, one of which is replaced by a JSON value.
std::string body_of(const route_and_members& of, const std::string& name, const std::string& value) {
  std::string out;
  for (const auto& [known, usual] : of.members) {
    out += (out.empty() ? "{" : ",") + boost::json::serialize(boost::json::string(known)) + ":";
    out += known == name ? value : boost::json::serialize(boost::json::string(usual));
  }
  return out + "}";
}

class DialectsHostile : public testing::Test {
 protected:
  // Nobody is blocked, so that each request is read.
  DialectsHostile()
      : server("[dialects.s2]\nfailures = 100\n", [](config& all) {
          all.dialects.s2.lockout = {60'000, std::chrono::hours(1), {}};
        }) {}

  reply expect_sound(const std::string& path, const std::string& body, std::string_view type = json) {
    const reply said = server.post(path, body, type);
    EXPECT_GE(said.status, 200) << path << " " << body;
    EXPECT_LT(said.status, 500) << path << " " << body << show(said);
    boost::json::error_code ec;
    const auto parsed = boost::json::parse(said.body, ec);
    EXPECT_TRUE(!ec && parsed.is_object()) << path << " " << body << show(said);
    for (const char* mark : {"\"access\"", "\"verified\":true", "verified successfully", "Login successful"})
      EXPECT_EQ(said.body.find(mark), said.body.npos) << path << " " << body << show(said);
    return said;
  }

  dialect_server server;
};

TEST_F(DialectsHostile, StringsInEveryMemberBreakNothing) {
  const auto strings = api::test::read_naughty_strings();
  if (strings.empty()) GTEST_SKIP() << "../shared/data/blns.json is absent";
  for (const auto& of : every_route()) {
    for (const auto& [name, usual] : of.members) {
      for (const std::string& each : strings)
        expect_sound(of.path, body_of(of, name, boost::json::serialize(boost::json::string(each))));
    }
  }
}

TEST_F(DialectsHostile, ValuesOfEveryKindBreakNothing) {
  for (const auto& of : every_route()) {
    for (const auto& [name, usual] : of.members) {
      for (const char* value : {"null",
                                "true",
                                "false",
                                "[]",
                                "{}",
                                "[\"x\"]",
                                "[[1]]",
                                "{\"$gt\":\"\"}",
                                "{\"$ne\":null}",
                                "0",
                                "-1",
                                "1e400",
                                "-0.0",
                                "12345678901234567890123",
                                "\"\"",
                                "\" \"",
                                "\"\\u0000\"",
                                "\"x\\u0000y\"",
                                "\"\\ud83d\\ude00\"",
                                "\"\\u202e\"",
                                "\"%s%n\"",
                                "\"*\"",
                                "\"' OR 1=1 --\"",
                                "\"a\\r\\nB: c\""}) {
        const reply said = expect_sound(of.path, body_of(of, name, value));
        const bool is_free = name == "verification_type" || name == "password" || name == "mobile";
        EXPECT_TRUE(is_free || said.status >= 400) << of.path << " " << name << " " << value << show(said);
      }
    }
  }
}

TEST_F(DialectsHostile, DocumentsOfTheJsonSuiteAreNoRequests) {
  const auto suite = api::test::read_json_suite();
  for (const auto& of : every_route()) {
    for (const auto& [name, text] : suite.files)
      EXPECT_GE(expect_sound(of.path, text).status, 400) << of.path << " " << name;
  }
}

TEST_F(DialectsHostile, BodiesOverABoundAreRefused) {
  std::string keys = "{";
  for (int i = 0; keys.size() < 16'300; ++i)
    keys += "\"k" + std::to_string(i) + "\":0,";
  keys += "\"z\":0}";
  std::string fields;
  for (int i = 0; i < 65; ++i)
    fields += "a=1&";
  for (const auto& of : every_route()) {
    for (const std::string& body :
         {keys, std::string(16'000, '['), "{\"x\":" + std::string(16'000, '9') + "}",
          "{\"x\":\"" + std::string(1025, '1') + "\"}", std::string(16 * 1024, ' ')})
      EXPECT_EQ(expect_sound(of.path, body).status, 400) << of.path << " " << body.substr(0, 40);
    EXPECT_EQ(expect_sound(of.path, fields, form).status, 400) << of.path;
    EXPECT_EQ(expect_sound(of.path, "a=" + std::string(4097, 'x'), form).status, 400) << of.path;
    EXPECT_EQ(server.post(of.path, std::string(16 * 1024 + 1, ' ')).status, 413) << of.path;
  }
}

TEST_F(DialectsHostile, MediaTypesOfAnyBytesAreNamed) {
  for (const char* type : {"text/\xff\xfe", "\"", "a\\b", "text/plain; x=\"\t\"", "application/json,"}) {
    for (const auto& of : every_route())
      EXPECT_GE(expect_sound(of.path, "{}", type).status, 400) << type;
  }
}

// A number in any script, between any separators, is one number with one budget.
TEST_F(DialectsHostile, SpellingsOfANumberShareItsBudget) {
  constexpr char32_t zeros[] = {U'0', U'٠', U'۰', U'०', U'০', U'０', U'๐'};
  const auto written = [&](std::string_view digits, char32_t zero, const char* separator) {
    std::string out;
    for (const char digit : digits) {
      const char32_t c = zero + static_cast<char32_t>(digit - '0');
      if (c < 0x80) {
        out += static_cast<char>(c);
      } else if (c < 0x800) {
        out += {static_cast<char>(0xc0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3f))};
      } else {
        out += {static_cast<char>(0xe0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3f)),
                static_cast<char>(0x80 | (c & 0x3f))};
      }
      out += separator;
    }
    return out;
  };
  std::map<int, int> seen;
  for (const char32_t zero : zeros) {
    for (const char* separator : {"", " ", "-", "\xc2\xa0"}) {
      const std::string phone = "+" + written("12125550123", zero, separator);
      ++seen[server.post("/otp/generate/", "{\"phone_number\":\"" + phone + "\"}").status];
    }
  }
  EXPECT_EQ(seen, (std::map<int, int>{{200, 5}, {429, 23}})) << "five messages in ten minutes";
  seen.clear();
  for (const char32_t zero : zeros) {
    // The system's own pattern wants an ASCII digit first, and spaces only.
    for (const char* separator : {"", " "}) {
      const std::string phone = "2" + written("55694230173", zero, separator);
      ++seen[server.post("/api/users/send-otp/", "{\"phone\":\"" + phone + "\"}").status];
    }
  }
  EXPECT_EQ(seen, (std::map<int, int>{{200, 3}, {429, 11}}));
}

}  // namespace
}  // namespace otpd::dialects::test
