// Refresh families on the real engine (RELIABILITY F1 to F5, A12).

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "auth/token_world.hpp"

namespace otpd::auth::test {
namespace {

using namespace std::chrono_literals;

token_options simple() {
  token_options out;
  out.policy = token_policy{.name = "t", .style = token_style::simplejwt, .secret = {}};
  return out;
}

class Tokens : public testing::TestWithParam<token_style> {
 protected:
  Tokens() : at(token_world::loop_count, GetParam() == token_style::native ? token_options{} : simple()) {}

  token_pair begun() {
    auto pair = at.run(at.tokens().begin(at.somebody(), at.policy));
    EXPECT_TRUE(pair.has_value());
    return *pair;
  }
  errc error_of(const std::string& refresh) {
    const auto pair = at.refresh(refresh);
    EXPECT_TRUE(pair.has_error());
    return pair.has_error() ? pair.error().code : errc::overloaded;
  }
  bool is_alive(const std::string& access) {
    return at.run(at.tokens().authenticate(access, at.policy)).has_value();
  }

  token_world at;
};

INSTANTIATE_TEST_SUITE_P(OfEveryStyle, Tokens, testing::Values(token_style::simplejwt, token_style::native),
                         [](const auto& each) {
                           return each.param == token_style::native ? "native" : "simplejwt";
                         });

TEST_P(Tokens, AThousandRefreshesOfOneHaveOneSuccessor) {
  const std::string token = begun().refresh;
  std::vector<std::future<outcome<token_pair>>> all;
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::size_t loop = i % token_world::loop_count;
    all.push_back(boost::asio::co_spawn(at.disk.loops[loop], at.tokens(loop).refresh(token, at.policy),
                                        boost::asio::use_future));
  }
  std::set<std::string> successors;
  for (auto& each : all) {
    const auto pair = each.get();
    ASSERT_TRUE(pair.has_value());
    successors.insert(pair->refresh);
  }
  EXPECT_EQ(successors.size(), 1U);
  EXPECT_TRUE(at.refresh(*successors.begin()).has_value());
}

TEST_P(Tokens, ALostAnswerIsRepeatedAlsoAfterARestart) {
  const token_pair first = begun();
  at.pass(5s);
  const auto second = at.refresh(first.refresh);
  ASSERT_TRUE(second.has_value());
  at.pass(9s);
  at.open();
  const auto again = at.refresh(first.refresh);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->refresh, second->refresh);
  at.pass(1s);
  EXPECT_EQ(error_of(first.refresh), errc::invalid_token) << "the grace is over";
  EXPECT_EQ(error_of(second->refresh), errc::invalid_token) << "and so is the family";
}

// The same bytes, also where the wall clock was set meanwhile: iat and exp are those of the first answer.
TEST_P(Tokens, ALostAnswerIsRepeatedAlsoAfterTheWallClockWasSet) {
  const token_pair first = begun();
  at.pass(1500ms);
  const auto second = at.refresh(first.refresh);
  ASSERT_TRUE(second.has_value());
  for (const auto step : {-1ms, 501ms, 2000ms, -1700ms}) {
    at.disk.time.jump(step.count());
    const auto again = at.refresh(first.refresh);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->refresh, second->refresh) << step.count();
  }
  at.open();
  const auto again = at.refresh(first.refresh);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->refresh, second->refresh) << "after a restart";
}

TEST_P(Tokens, AnAncestorKillsTheFamilyAtOnce) {
  const token_pair first = begun();
  const auto second = at.refresh(first.refresh);
  const auto third = at.refresh(second->refresh);
  ASSERT_TRUE(third.has_value());
  EXPECT_TRUE(is_alive(third->access));
  EXPECT_EQ(error_of(first.refresh), errc::invalid_token);
  EXPECT_EQ(error_of(third->refresh), errc::invalid_token);
  EXPECT_FALSE(is_alive(third->access)) << "its access token is known to be dead, too";
  at.open();
  EXPECT_EQ(error_of(third->refresh), errc::invalid_token) << "also after a restart";
}

TEST_P(Tokens, LoggingOutEndsEverything) {
  const token_pair first = begun();
  const auto second = at.refresh(first.refresh);
  EXPECT_TRUE(at.run(at.tokens().revoke(first.refresh, at.policy)).has_value());
  EXPECT_EQ(error_of(second->refresh), errc::invalid_token);
  EXPECT_FALSE(is_alive(second->access));
  EXPECT_TRUE(at.run(at.tokens().revoke("nothing of ours", at.policy)).has_value()) << "RFC 7009, 2.2";
}

TEST_P(Tokens, AnUnusedOneExpires) {
  const token_pair first = begun();
  at.pass(at.policy.refresh_lifetime);
  EXPECT_EQ(error_of(first.refresh), errc::invalid_token);
}

TEST_P(Tokens, AFamilyEnds) {
  std::string token = begun().refresh;
  const auto step = at.policy.refresh_lifetime - 1s;
  for (auto lived = 0s; lived + step < at.policy.family_lifetime; lived += step) {
    at.pass(step);
    const auto next = at.refresh(token);
    ASSERT_TRUE(next.has_value()) << lived.count();
    token = next->refresh;
  }
  at.pass(step);
  EXPECT_EQ(error_of(token), errc::invalid_token);
}

TEST_P(Tokens, AnAccessTokenExpiresOnTime) {
  const token_pair pair = begun();
  at.pass(at.policy.access_lifetime - 1s);
  EXPECT_TRUE(is_alive(pair.access));
  at.pass(1s);
  EXPECT_FALSE(is_alive(pair.access));
}

TEST_P(Tokens, OneKindIsNotTheOther) {
  const token_pair pair = begun();
  EXPECT_EQ(error_of(pair.access), errc::invalid_token);
  EXPECT_FALSE(is_alive(pair.refresh));
}

TEST_P(Tokens, AnotherIssuersAreNothing) {
  const token_pair pair = begun();
  token_policy other = at.policy;
  other.name = "other";
  EXPECT_TRUE(at.run(at.tokens().refresh(pair.refresh, other)).has_error());
  EXPECT_TRUE(at.run(at.tokens().revoke(pair.refresh, other)).has_value());
  EXPECT_TRUE(at.refresh(pair.refresh).has_value()) << "nor does it end them";
}

TEST_P(Tokens, ADisabledAccountsEnd) {
  const token_pair pair = begun();
  account_entry entry;
  entry.realm = "default";
  entry.phone = *otp::parse_recipient("+12125550123", {});
  entry.disabled = true;
  at.pass(1ms);
  ASSERT_TRUE(at.run(at.people().put(entry)).has_value());
  EXPECT_EQ(error_of(pair.refresh), errc::account_disabled);
  EXPECT_FALSE(is_alive(pair.access));
  entry.disabled = false;
  ASSERT_TRUE(at.run(at.people().put(entry)).has_value());
  at.pass(1s);
  EXPECT_EQ(error_of(pair.refresh), errc::invalid_token) << "what began before stays dead";
  EXPECT_TRUE(at.refresh(begun().refresh).has_value());
}

TEST_P(Tokens, AnAccessTokenAloneDiesWithItsAccountToo) {
  const std::string token = at.tokens().access_token(at.somebody(), at.policy);
  EXPECT_TRUE(is_alive(token));
  ASSERT_TRUE(*at.run(at.people().remove("default", *otp::parse_recipient("+12125550123", {}))));
  EXPECT_FALSE(is_alive(token));
  at.pass(1ms);
  static_cast<void>(at.somebody());
  EXPECT_FALSE(is_alive(token)) << "whoever registers the number anew is somebody else";
}

// Whoever knows an HS256 secret, to check tokens with, can sign what they like.
TEST_P(Tokens, AnAccessTokenAloneIsItsAccountsAndHasItsTimeWhoeverSignsIt) {
  const std::string token = at.tokens().access_token(at.somebody(), at.policy);
  const account other = at.somebody("+12125550124");
  const auto read = at.signer.read_access(token, at.policy, 0);
  ASSERT_TRUE(read.has_value());
  token_claims claims = *read;
  EXPECT_TRUE(is_alive(at.signer.access(claims, at.policy)));
  claims.account = other.id;
  EXPECT_FALSE(is_alive(at.signer.access(claims, at.policy))) << "another account's";
  claims = *read;
  claims.expires_s += 1'000'000;
  at.pass(at.policy.access_lifetime - 1ms);
  EXPECT_TRUE(is_alive(at.signer.access(claims, at.policy)));
  at.pass(1ms);
  EXPECT_FALSE(is_alive(at.signer.access(claims, at.policy))) << "past its time";
}

TEST_P(Tokens, NothingOfThemIsInTheStore) {
  const token_pair pair = begun();
  at.disk.close();
  std::string all;
  for (const auto& file : std::filesystem::recursive_directory_iterator(at.disk.settings.store.path)) {
    std::ifstream in(file.path(), std::ios::binary);
    if (file.is_regular_file()) all.append(std::istreambuf_iterator<char>(in), {});
  }
  ASSERT_GT(all.size(), 1000U);
  EXPECT_EQ(all.find(pair.refresh.substr(0, 20)), std::string::npos);
  EXPECT_EQ(all.find("2125550123"), std::string::npos);
  at.open();
}

}  // namespace
}  // namespace otpd::auth::test
