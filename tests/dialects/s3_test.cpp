// System s3, row by row (../shared/wire/five-systems.md), and its tokens over real HTTP.

#include <boost/json.hpp>
#include <regex>
#include <set>

#include "crypto/encoding.hpp"
#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {
namespace {

constexpr const char* not_right = R"({"detail":"Invalid or expired code."})";
constexpr const char* bad_token = R"({"detail":"Token is invalid or expired","code":"token_not_valid"})";

// The claims of a JWT, unverified.
boost::json::object claims_of(const std::string& token) {
  const auto first = token.find('.'), second = token.find('.', first + 1);
  const auto raw = crypto::from_base64url(std::string_view(token).substr(first + 1, second - first - 1));
  if (!raw) return {};
  return boost::json::parse(std::string(raw->begin(), raw->end())).as_object();
}

class S3 : public testing::Test {
 protected:
  reply create(const std::string& receiver) {
    return server.post("/api/auth/otp/create/", R"({"receiver":")" + receiver + "\"}");
  }
  reply verify(const std::string& uuid, const std::string& receiver, const std::string& code) {
    return server.post("/api/auth/otp/verify/", R"({"uuid":")" + uuid + R"(","receiver":")" + receiver +
                                                    R"(","code":")" + code + "\"}");
  }
  reply refresh(const std::string& token) {
    return server.post("/api/auth/otp/refresh/", R"({"refresh":")" + token + "\"}");
  }
  // The pair of a fresh login.
  reply signed_in(const std::string& receiver = "+989123456789") {
    const std::string uuid = create(receiver).text("uuid");
    return verify(uuid, receiver, server.code_for(receiver));
  }

  dialect_server server{"[profiles.s3]\nsends = '1000/1s'\n"};
};

TEST_F(S3, AnswersWithAUuid) {
  static const std::regex uuid(
      R"(\{"uuid":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"\})");
  std::set<std::string> seen;
  for (const char* receiver : {"09000000000", "09123456789", "+989123456789", "۰۹۱۲۳۴۵۶۷۸۹"}) {
    const reply made = create(receiver);
    EXPECT_EQ(made.status, 200) << show(made);
    EXPECT_TRUE(std::regex_match(made.body, uuid)) << made.body;
    EXPECT_TRUE(seen.insert(made.text("uuid")).second) << "one for each";
  }
  EXPECT_EQ(server.code_for("+989123456789").size(), 5U);
}

TEST_F(S3, SaysWhatIsMissingAsASerializerDoes) {
  EXPECT_REPLY(server.post("/api/auth/otp/create/", "{}"), 400,
               R"({"receiver":["This field is required."]})");
  EXPECT_REPLY(create(""), 400, R"({"receiver":["This field may not be blank."]})");
  EXPECT_REPLY(create("123"), 400, R"({"receiver":["Enter a valid phone number."]})");
  EXPECT_REPLY(server.post("/api/auth/otp/verify/", "{}"), 400, R"({"uuid":["This field is required."]})");
  EXPECT_REPLY(server.post("/api/auth/otp/refresh/", "{}"), 400,
               R"({"refresh":["This field is required."]})");
}

TEST_F(S3, ACodeBelongsToItsUuidAndReceiver) {
  const std::string first = create("09123456789").text("uuid");
  const std::string code = server.code_for("+989123456789");
  const std::string second = create("09123456789").text("uuid");
  const std::string other = server.code_for("+989123456789");
  EXPECT_REPLY(verify("69559251-5247-442b-9f6e-685da251fcf2", "09123456789", code), 400, not_right);
  EXPECT_REPLY(verify("x", "09123456789", code), 400, not_right);
  EXPECT_REPLY(verify(first, "09123456780", code), 400, not_right) << "another receiver";
  if (code != other) {
    EXPECT_REPLY(verify(second, "09123456789", code), 400, not_right) << "another uuid";
  }
  const reply pair = verify(first, "09123456789", code);
  EXPECT_EQ(pair.status, 200) << show(pair);
  EXPECT_REPLY(verify(first, "09123456789", code), 400, not_right) << "once";
}

TEST_F(S3, TokensHaveTheClaimsOfSimplejwt) {
  const reply pair = signed_in();
  ASSERT_EQ(pair.status, 200) << show(pair);
  EXPECT_EQ(pair.field("Cache-Control"), "no-store");
  for (const auto& [name, type, lifetime] :
       {std::tuple("access", "access", 300), std::tuple("refresh", "refresh", 86'400)}) {
    const std::string token = pair.text(name);
    EXPECT_EQ(token.find("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."), 0U) << R"({"alg":"HS256","typ":"JWT"})";
    const auto claims = claims_of(token);
    EXPECT_EQ(claims.size(), 5U);
    EXPECT_EQ(claims.at("token_type").as_string(), type);
    EXPECT_EQ(claims.at("exp").as_int64() - claims.at("iat").as_int64(), lifetime);
    EXPECT_EQ(claims.at("jti").as_string().size(), 32U);
    EXPECT_EQ(claims.at("user_id").as_string().size(), 36U);
  }
  const reply again = signed_in();
  EXPECT_EQ(claims_of(again.text("access")).at("user_id"), claims_of(pair.text("access")).at("user_id"));
}

TEST_F(S3, RefreshRotates) {
  const reply first = signed_in();
  const reply second = refresh(first.text("refresh"));
  EXPECT_EQ(second.status, 200) << show(second);
  EXPECT_NE(second.text("refresh"), first.text("refresh"));
  const reply lost = refresh(first.text("refresh"));
  EXPECT_EQ(lost.body, second.body) << "the answer may have been lost: the same successor";
  const reply third = refresh(second.text("refresh"));
  EXPECT_EQ(third.status, 200);
  EXPECT_REPLY(refresh(first.text("refresh")), 401, bad_token);
  EXPECT_REPLY(refresh(third.text("refresh")), 401, bad_token) << "an ancestor came back: the family is dead";
  EXPECT_REPLY(refresh(first.text("access")), 401, bad_token);
  EXPECT_REPLY(refresh("x.y.z"), 401, bad_token);
}

TEST_F(S3, AThousandRefreshesOfOneTokenHaveOneSuccessor) {
  const std::string token = signed_in().text("refresh");
  const std::string text =
      request_text("POST", "/api/auth/otp/refresh/", {}, R"({"refresh":")" + token + "\"}", json);
  constexpr int connections = 50, each = 20;
  std::vector<otpd::test::http_connection> all;
  for (int i = 0; i < connections; ++i)
    all.emplace_back(server.port());
  std::string many;
  for (int i = 0; i < each; ++i)
    many += text;
  for (auto& one : all)
    ASSERT_TRUE(one.send(many));
  std::set<std::string> successors;
  int answered = 0;
  for (auto& one : all) {
    for (int i = 0; i < each; ++i) {
      const auto answer = one.read_answer();
      ASSERT_EQ(answer.status, 200) << answer.body;
      successors.insert(answer.text("refresh"));
      ++answered;
    }
  }
  EXPECT_EQ(answered, connections * each);
  EXPECT_EQ(successors.size(), 1U);
  EXPECT_EQ(refresh(*successors.begin()).status, 200);
}

TEST_F(S3, ADisabledAccountRefreshesNothing) {
  const reply pair = signed_in();
  ASSERT_EQ(
      server.administer("/accounts", R"({"realm":"s3","phone":"+989123456789","disabled":true})").status,
      200);
  EXPECT_REPLY(refresh(pair.text("refresh")), 401, bad_token);
  EXPECT_REPLY(signed_in(), 401, R"({"detail":"No active account found with the given credentials"})")
      << "nor does a new code help";
  ASSERT_EQ(
      server.administer("/accounts", R"({"realm":"s3","phone":"+989123456789","disabled":false})").status,
      200);
  EXPECT_REPLY(refresh(pair.text("refresh")), 401, bad_token) << "what began before stays dead";
  EXPECT_EQ(signed_in().status, 200);
}

TEST_F(S3, ARemovedAccountsTokensAreDead) {
  const reply pair = signed_in();
  ASSERT_EQ(server.administer("/accounts/remove", R"({"realm":"s3","address":"+989123456789"})").status, 204);
  EXPECT_REPLY(refresh(pair.text("refresh")), 401, bad_token);
}

TEST(S3Limits, AreSaidAsTheFrameworkSaysThem) {
  dialect_server server("[profiles.s3]\nsends = '1/10m'\n");
  const std::string body = R"({"receiver":"09123456789"})";
  ASSERT_EQ(server.post("/api/auth/otp/create/", body).status, 200);
  const reply refused = server.post("/api/auth/otp/create/", body);
  const std::string wait = refused.field("Retry-After");
  EXPECT_REPLY(refused, 429,
               R"({"detail":"Request was throttled. Expected available in )" + wait + R"( seconds."})");
  EXPECT_GT(std::stoi(wait), 590);
  EXPECT_LE(std::stoi(wait), 600);
}

// No provider takes it.
TEST(S3Limits, WhatCannotBeSentIsUnavailable) {
  dialect_server server;
  EXPECT_REPLY(server.post("/api/auth/otp/create/", R"({"receiver":"+12125550199"})"), 503,
               R"({"detail":"Service temporarily unavailable, try again later."})");
}

}  // namespace
}  // namespace otpd::dialects::test
