// [dialects.NAME], [tokens], [passwords], and the profiles that are there without being written.

#include <stdlib.h>

#include <algorithm>

#include "config.hpp"
#include "config_page.hpp"
#include "config_refusals.hpp"

namespace otpd {
namespace {

using namespace std::chrono_literals;

const otp::profile& profile_of(const config& all, const std::string& name) {
  return *std::ranges::find(all.profiles, name, &otp::profile::name);
}

// docs/configuration.md has these figures in a table.
TEST(BuiltInProfiles, AreTheSystemsOwn) {
  const config all = default_config();
  const std::vector<
      std::tuple<std::string, int, std::chrono::seconds, unsigned, otp::sharing, std::string, otp::yield>>
      table{{"s0", 4, 5min, 5, otp::sharing::shared, "US", otp::yield::account},
            {"s1", 4, 5min, 3, otp::sharing::shared, "", otp::yield::nothing},
            {"s2", 6, 5min, 5, otp::sharing::independent, "US", otp::yield::account},
            {"s3", 5, 5min, 5, otp::sharing::independent, "IR", otp::yield::tokens},
            {"s4", 6, 2min, 5, otp::sharing::shared, "US", otp::yield::tokens}};
  for (const auto& [name, length, lifetime, sends, sharing, region, yields] : table) {
    const otp::profile& p = profile_of(all, name);
    EXPECT_EQ(p.code_length, length) << name;
    EXPECT_EQ(p.lifetime, lifetime) << name;
    EXPECT_EQ(p.sends, (otp::rate{sends, 10min})) << name;
    EXPECT_EQ(p.sharing, sharing) << name;
    EXPECT_EQ(p.default_region, region) << name;
    EXPECT_EQ(p.yields, yields) << name;
    EXPECT_EQ(p.realm, name);
    EXPECT_EQ(p.resend, otp::resend_policy::rotate) << name;
    EXPECT_EQ(p.legacy, length < 6) << name;
    EXPECT_EQ(p.channels.size(), name == "s4" ? 2U : 1U);
  }
}

TEST(BuiltInProfiles, AreChangedKeyByKey) {
  const config all = parse_config("[profiles.s3]\ncode_length = 7\nlegacy = false\n", "t");
  EXPECT_EQ(profile_of(all, "s3").code_length, 7);
  EXPECT_EQ(profile_of(all, "s3").default_region, "IR");
  EXPECT_EQ(all.profiles.size(), 6U) << "and none is there twice";
}

TEST(BuiltInProfiles, GoWithTheirDialect) {
  const config all =
      parse_config("[dialects.s0]\nenabled = false\n[dialects.s1]\nprofile = 'mine'\n[profiles.mine]\n", "t");
  EXPECT_EQ(std::ranges::count(all.profiles, "s0", &otp::profile::name), 0);
  EXPECT_EQ(std::ranges::count(all.profiles, "s1", &otp::profile::name), 0);
}

TEST(DialectRoutes, S1SendsThroughMshastraWhereThatIsConfigured) {
  ASSERT_EQ(::setenv("OTPD_TEST_SHORT", "x", 1), 0);
  const std::string providers =
      "[providers.m]\ntype = 'mshastra'\nuser = 'u'\npassword = {env = 'OTPD_TEST_SHORT'}\nsender = 's'\n"
      "[providers.g]\ntype = 'http'\nurl = 'https://x.example/{to}/{code}'\n";
  const config usual = parse_config(providers + "[delivery]\nsms = ['g', 'console']\n", "t");
  ASSERT_EQ(usual.delivery.routes.size(), 1U);
  EXPECT_EQ(usual.delivery.routes[0].profile, "s1");
  EXPECT_EQ(usual.delivery.routes[0].providers, (std::vector<std::string>{"m", "g"}))
      << "the console stands in for nobody";
  const config said = parse_config(
      providers + "[delivery]\nsms = 'm'\n[[delivery.routes]]\nprofile = 's1'\nproviders = 'g'\n", "t");
  ASSERT_EQ(said.delivery.routes.size(), 1U);
  EXPECT_EQ(said.delivery.routes[0].providers, (std::vector<std::string>{"g"}));
  EXPECT_TRUE(parse_config(providers + "[dialects.s1]\nenabled = false\n", "t").delivery.routes.empty());
  EXPECT_TRUE(default_config().delivery.routes.empty());
}

TEST(DialectRefusals, NameTheKey) {
  ASSERT_EQ(::setenv("OTPD_TEST_SHORT", "0123456789abcdef0123456789abcde", 1), 0);
  expect_refusals({
      {"[dialects.s5]\n", "t:1: dialects.s5: unknown key"},
      {"[dialects.s3]\nsecret = 'x'", "t:2: dialects.s3.secret: must not stand in the file"},
      {"[dialects.s3]\nsecret = {env = 'OTPD_TEST_SHORT'}",
       "t:2: dialects.s3.secret: has 31 bytes; HS256 needs 32"},
      {"[dialects.s3]\nrefresh_lifetime = '31d'",
       "t:2: dialects.s3.refresh_lifetime: is longer than family_lifetime"},
      {"[dialects.s4]\nprofile = 'nobody'",
       "t:2: dialects.s4.profile: \"nobody\" is no profile of this configuration"},
      {"[profiles.s0]\nsharing = 'independent'",
       "t:2: profiles.s0.sharing: must be \"shared\" for dialect s0"},
      {"[dialects.s4]\nprofile = 'p'\n[profiles.p]\nsharing = 'independent'",
       "t:4: profiles.p.sharing: must be \"shared\" for dialect s4"},
      {"[profiles.s1]\nalphabet = 'ABCDEFGHJK'",
       "t:2: profiles.s1.alphabet: must have digits only for dialect s1"},
      {"[profiles.s2]\nchannels = ['email']", "t:2: profiles.s2.channels: must name \"sms\" for dialect s2"},
      {"[[delivery.routes]]\nprofile = 'nobody'\nproviders = 'console'",
       "t:2: delivery.routes[0].profile: is no profile"},
      {"[tokens]\nprivate_keys = ['x']", "t:2: tokens.private_keys[0]: must not stand in the file"},
      {"[tokens]\nprivate_keys = [{env = 'OTPD_TEST_SHORT'}]",
       "t:2: tokens.private_keys[0]: is no private key in PEM"},
      {"[tokens]\nrefresh_lifetime = '91d'", "t:2: tokens.refresh_lifetime: is longer than family_lifetime"},
      {"[passwords]\nthreads = 0", "t:2: passwords.threads: 0 "},
      {"[server]\ncors_origins = ['https://x.example/']",
       "t:2: server.cors_origins[0]: \"https://x.example/\" is not an origin"},
      {"[server]\ncors_origins = ['*']", "t:2: server.cors_origins[0]: \"*\" is not an origin"},
      {"[profiles.a]\nrealm = 'A'", "t:2: profiles.a.realm: \"A\" is not 1 to 32"},
  });
}

TEST(DialectRefusals, CheapHashesWarn) {
  const auto warnings = parse_config("[passwords]\nmemory_kib = 1024\n", "t").warnings;
  EXPECT_NE(std::ranges::find(
                warnings,
                "t:2: passwords.memory_kib: times iterations is below what makes a stolen hash expensive"),
            warnings.end());
}

}  // namespace
}  // namespace otpd
