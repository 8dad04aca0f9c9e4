// What an approval yields, and the token calls, over real HTTP and held against docs/openapi.yaml.

#include <gtest/gtest.h>

#include "api/running_server.hpp"

namespace otpd::api::test {
namespace {

const std::string tables =
    "[profiles.plain]\n[profiles.member]\nyields = \"account\"\nrealm = \"members\"\n"
    "[profiles.app]\nyields = \"tokens\"\nresend_after = \"0s\"\n";

class NativeTokens : public testing::Test {
 protected:
  // The answer to the right code of a verification in this profile.
  answer approved(const std::string& profile, const std::string& to = "+12125550123") {
    const std::string id = server.start(to, "\"profile\":\"" + profile + "\"");
    return server.check(id, server.code_for(to));
  }
  answer refresh(const std::string& token) {
    return server.ask("POST", "/v1/tokens/refresh", object({{"refresh_token", token}}));
  }
  bool is_active(const std::string& token) {
    const answer said = server.ask("POST", "/v1/tokens/introspect", object({{"token", token}}));
    EXPECT_EQ(said.status, 200);
    EXPECT_EQ(said.has("sub"), said.number("active") == 1);
    return said.number("active") == 1;
  }
  answer administer(const std::string& path, const std::string& body) {
    return server.ask_admin("POST", path, body);
  }

  running_server server{tables};
};

TEST_F(NativeTokens, AProfileYieldsWhatItSays) {
  const answer plain = approved("plain");
  EXPECT_FALSE(plain.has("account"));
  EXPECT_FALSE(plain.has("access_token"));
  const answer member = approved("member");
  EXPECT_EQ(member.text("account").size(), 36U);
  EXPECT_FALSE(member.has("access_token"));
  const answer app = approved("app");
  EXPECT_NE(app.text("account"), member.text("account")) << "another realm's";
  EXPECT_EQ(app.text("token_type"), "Bearer");
  EXPECT_EQ(app.number("expires_in"), 600);
  EXPECT_TRUE(is_active(app.text("access_token")));
  EXPECT_EQ(approved("app").text("account"), app.text("account")) << "the same one again";
  const answer found = administer("/accounts/find", R"({"realm":"members","address":"+12125550123"})");
  EXPECT_EQ(found.text("id"), member.text("account"));
}

TEST_F(NativeTokens, AWrongCodeYieldsNothing) {
  const std::string id = server.start("+12125550123", R"("profile":"app")");
  const answer wrong = server.check(id, server.wrong_code_for("+12125550123"));
  EXPECT_EQ(wrong.number("valid"), 0);
  EXPECT_FALSE(wrong.has("account"));
  EXPECT_EQ(administer("/accounts/find", R"({"realm":"default","address":"+12125550123"})").status, 404);
}

TEST_F(NativeTokens, RefreshRotatesAndReuseKills) {
  const answer first = approved("app");
  const answer second = refresh(first.text("refresh_token"));
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(refresh(first.text("refresh_token")).text("refresh_token"), second.text("refresh_token"));
  const answer third = refresh(second.text("refresh_token"));
  EXPECT_TRUE(is_active(third.text("access_token")));
  EXPECT_EQ(refresh(first.text("refresh_token")).code(), "invalid_grant");
  EXPECT_EQ(refresh(third.text("refresh_token")).code(), "invalid_grant");
  EXPECT_FALSE(is_active(third.text("access_token")));
  EXPECT_FALSE(is_active("x.y.z"));
}

TEST_F(NativeTokens, RevokingLogsOut) {
  const answer pair = approved("app");
  const std::string body = object({{"refresh_token", pair.text("refresh_token")}});
  EXPECT_EQ(server.ask("POST", "/v1/tokens/revoke", body).status, 204);
  EXPECT_EQ(server.ask("POST", "/v1/tokens/revoke", body).status, 204) << "RFC 7009, 2.2";
  EXPECT_EQ(refresh(pair.text("refresh_token")).code(), "invalid_grant");
  EXPECT_FALSE(is_active(pair.text("access_token")));
}

TEST_F(NativeTokens, ADisabledAccountGetsNone) {
  const answer pair = approved("app");
  const std::string off = R"({"realm":"default","phone":"+12125550123","disabled":true})";
  EXPECT_EQ(administer("/accounts", off).status, 200);
  EXPECT_EQ(refresh(pair.text("refresh_token")).code(), "account_disabled");
  EXPECT_FALSE(is_active(pair.text("access_token")));
  const answer again = approved("app");
  EXPECT_EQ(again.status, 403);
  EXPECT_EQ(again.code(), "account_disabled");
}

TEST_F(NativeTokens, TheKeysArePublic) {
  const answer keys = server.ask("GET", "/.well-known/jwks.json");
  EXPECT_EQ(keys.status, 200);
  EXPECT_EQ(keys.header("Cache-Control"), "public, max-age=300");
  EXPECT_NE(keys.body.find(R"("alg":"ES256")"), std::string::npos);
  EXPECT_EQ(keys.body.find("\"d\""), std::string::npos);
  EXPECT_EQ(server.ask("POST", "/.well-known/jwks.json", "{}").header("Allow"), "GET, HEAD");
  EXPECT_EQ(server.ask("GET", "/v1/tokens/refresh").header("Allow"), "POST");
}

TEST(NativeTokensAccess, OnlyIntrospectionNeedsAKey) {
  running_server server(tables + "[[api_keys]]\nname = \"k\"\nsha256 = \"" + std::string(64, '0') + "\"\n");
  EXPECT_EQ(server.ask("POST", "/v1/tokens/introspect", object({{"token", "x"}})).code(), "unauthorized");
  EXPECT_EQ(server.ask("POST", "/v1/tokens/refresh", object({{"refresh_token", "x"}})).code(),
            "invalid_grant");
  EXPECT_EQ(server.ask("POST", "/v1/tokens/revoke", object({{"refresh_token", "x"}})).status, 204);
}

}  // namespace
}  // namespace otpd::api::test
