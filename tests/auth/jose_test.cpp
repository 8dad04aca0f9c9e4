// The npm package jose against the use cases of tokens, without a wire in between: it verifies each kind of
// ours, ours takes what it signs with our keys, and nothing that is forged (RELIABILITY J1 to J7, A26).

#include <boost/json.hpp>
#include <iostream>
#include <map>
#include <sstream>

#include "auth/pem_pair.hpp"
#include "auth/token_world.hpp"
#include "system/command.hpp"

namespace otpd::auth::test {
namespace {

namespace js = boost::json;

const std::string secret = "a secret of at least thirty-two bytes";

token_policy simple_of(std::string name, std::string secret_text) {
  return {.name = std::move(name), .style = token_style::simplejwt, .secret = std::move(secret_text)};
}

class Jose : public testing::Test {
 protected:
  Jose() : at(1, options_with(keys)) {}

  struct two_keys {
    pem_pair first{"P-256"};
    pem_pair second{"P-256"};
  };
  static token_options options_with(const two_keys& keys) {
    token_options out;
    out.issuer = "https://otp.example";
    out.audience = "https://api.example";
    out.private_keys = {keys.first.secret, keys.second.open};
    return out;
  }
  token_pair begun(const account& of, const token_policy& by) {
    const auto pair = at.run(at.tokens().begin(of, by));
    EXPECT_TRUE(pair.has_value());
    return *pair;
  }

  // Tokens of others: of an issuer with another secret, of one that shares ours, of another key.
  js::object others(const account& of) {
    const token_pair foreign = begun(of, simple_of("other", {}));
    const token_pair namesake = begun(of, simple_of("namesake", secret));
    const token_signer elsewhere(token_options{}, crypto::key_ring(master(2)));
    const token_claims claims{of.id, std::string(32, '0'), 0, 9'999'999'999};
    return {{"another issuer's access token", foreign.access},
            {"another issuer's refresh token", foreign.refresh},
            {"access token of another issuer with this secret", namesake.access},
            {"refresh token of another issuer with this secret", namesake.refresh},
            {"another installation's", elsewhere.access(claims, at.policy)}};
  }
  js::object given(const account& of) {
    const std::string other = at.somebody("+12125550199").id;
    return {{"secret", secret},
            {"pem", keys.first.secret},
            {"issuer", "https://otp.example"},
            {"audience", "https://api.example"},
            {"now", at.unix_ms(at.disk.now()) / 1000},
            {"access_s", simple.access_lifetime.count()},
            {"refresh_s", simple.refresh_lifetime.count()},
            {"jwks", js::parse(at.signer.jwks())},
            {"account", of.id},
            {"other_account", other},
            {"access", of_simple.access},
            {"refresh", of_simple.refresh},
            {"native", of_native.access},
            {"native_refresh", of_native.refresh},
            {"others", others(of)}};
  }

  bool takes(std::string_view as, const std::string& token) {
    if (as == "simple_access") return at.run(at.tokens().authenticate(token, simple)).has_value();
    if (as == "native_access") return at.run(at.tokens().authenticate(token, at.policy)).has_value();
    if (as == "simple_refresh") return at.run(at.tokens().refresh(token, simple)).has_value();
    EXPECT_EQ(as, "native_refresh");
    return at.run(at.tokens().refresh(token, at.policy)).has_value();
  }

  const two_keys keys;
  token_world at;
  const token_policy simple = simple_of("simple", secret);
  token_pair of_simple, of_native;
};

TEST_F(Jose, VerifiesOursAndIsTakenAndNothingForgedIs) {
  const std::string jose = otpd::test::node_module("jose");
  if (jose.empty()) GTEST_SKIP() << "scripts/node has not been run";
  const account somebody = at.somebody();
  of_simple = begun(somebody, simple);
  of_native = begun(somebody, at.policy);
  const auto [end, said] = otpd::test::run(
      {"node", otpd::test::test_source("node/forge_tokens.mjs"), jose, js::serialize(given(somebody))});
  ASSERT_EQ(end, 0) << said;
  std::map<std::string, bool> seen;
  std::size_t good = 0;
  std::istringstream lines(said);
  for (std::string line; std::getline(lines, line);) {
    const js::value each = js::parse(line);
    const std::string as(each.at("as").as_string());
    const std::string name = as + ": " + std::string(each.at("name").as_string());
    const bool is_good = each.at("good").as_bool();
    EXPECT_TRUE(seen.emplace(name, is_good).second) << name << " is there twice";
    EXPECT_EQ(takes(as, std::string(each.at("token").as_string())), is_good) << name;
    good += is_good ? 1 : 0;
  }
  const std::size_t forged = seen.size() - good;
  EXPECT_GE(forged, 200U);
  EXPECT_GE(good, 20U);
  // None of them has hurt the families that they were made of.
  for (const auto& [pair, by] : {std::pair(of_simple, simple), std::pair(of_native, at.policy)}) {
    const auto next = at.run(at.tokens().refresh(pair.refresh, by));
    ASSERT_TRUE(next.has_value()) << by.name;
    EXPECT_TRUE(at.run(at.tokens().refresh(next->refresh, by)).has_value()) << by.name;
  }
  std::cout << good << " taken, " << forged << " forged shapes refused\n";
}

}  // namespace
}  // namespace otpd::auth::test
