// Browsers' sessions: found by their token alone, for as long as they last.

#include "auth/web_sessions.hpp"

#include <gtest/gtest.h>

#include <set>

#include "auth/account_world.hpp"
#include "crypto/random.hpp"

namespace otpd::auth {
namespace {

using namespace test;
using namespace std::chrono_literals;

class WebSessions : public testing::Test, protected world {
 protected:
  std::string begin(const web_session& what = {}, std::string_view instead_of = {}) {
    auto token = run(tested.begin(what, 10min, instead_of));
    EXPECT_EQ(word(token), "ok");
    return token.has_value() ? *std::move(token) : std::string();
  }
  std::optional<web_session> find(std::string_view token) { return run(tested.find(token)).value(); }

  web_sessions tested{store, clock, ring, random};
  web_session sample{"register", "verification", phone, "$argon2id$hash", "account"};
};

TEST_F(WebSessions, AreFoundUntilTheyAreOver) {
  const std::string token = begin(sample);
  EXPECT_EQ(find(token), sample);
  pass(10min - 1ms);
  EXPECT_EQ(find(token), sample);
  pass(1ms);
  EXPECT_EQ(find(token), std::nullopt);
}

TEST_F(WebSessions, CarryEmptyAndLongMembers) {
  EXPECT_EQ(find(begin({})), web_session{});
  web_session longest;
  for (auto* each : {&longest.purpose, &longest.verification, &longest.address, &longest.password_hash,
                     &longest.account}) {
    *each = std::string(255, 'x');
  }
  EXPECT_EQ(find(begin(longest)), longest);
}

TEST_F(WebSessions, EndAtTheirUsersWord) {
  const std::string token = begin(sample);
  EXPECT_EQ(word(run(tested.end(token))), "ok");
  EXPECT_EQ(find(token), std::nullopt);
  EXPECT_EQ(store.records(), 0u);
  EXPECT_EQ(word(run(tested.end(token))), "ok");
}

// RELIABILITY A24: a token that was there before the login leads nowhere after it.
TEST_F(WebSessions, TakeTheOldOnesPlaceInOneStep) {
  const std::string planted = begin({});
  const std::string token = begin(sample, planted);
  EXPECT_NE(token, planted);
  EXPECT_EQ(find(planted), std::nullopt);
  EXPECT_EQ(find(token), sample);
  EXPECT_EQ(store.records(), 1u);
  store.fail(1, fault::lost, false);
  EXPECT_EQ(word(run(tested.begin({}, 10min, token))), "store_unavailable");
  EXPECT_EQ(find(token), sample) << "nothing was changed";
}

TEST_F(WebSessions, AreNamedByNoOtherText) {
  const std::string token = begin(sample);
  const auto writes = store.writes();
  const auto calls = store.calls();
  for (const std::string& bad : {std::string(), token + "A", token.substr(1), std::string(10'000, 'A')}) {
    EXPECT_EQ(find(bad), std::nullopt);
    EXPECT_EQ(word(run(tested.end(bad))), "ok");
  }
  EXPECT_EQ(store.calls(), calls) << "the store is not asked";
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(find(other), std::nullopt);
    EXPECT_EQ(word(run(tested.end(other))), "ok");
  }
  EXPECT_EQ(store.writes(), writes);
  EXPECT_EQ(find(token), sample);
}

// RELIABILITY V6: at least 128 bits of a cryptographic generator, and nothing else.
TEST_F(WebSessions, HaveTokensOf192RandomBits) {
  class thread_entropy final : public otp::entropy {
   public:
    void fill(std::span<std::uint8_t> out) override { source_.fill(out); }

   private:
    crypto::random_source source_;
  } true_random;
  web_sessions real(store, clock, ring, true_random);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto token = run(real.begin({}, 10min));
    ASSERT_EQ(word(token), "ok");
    EXPECT_EQ(token->size(), web_sessions::token_length);
    EXPECT_EQ(token->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    seen.insert(*token);
  }
  EXPECT_EQ(seen.size(), 1000u);
}

TEST_F(WebSessions, AreClosedInTheStore) {
  const std::string token = begin(sample);
  const std::string all = store.contents();
  for (const std::string& word : {token, phone, std::string("argon2id"), std::string("register")})
    EXPECT_EQ(all.find(word), std::string::npos) << word;
  const crypto::key_ring other_keys(otp::test::master_key(2));
  web_sessions other(store, clock, other_keys, random);
  EXPECT_EQ(run(other.find(token)).value(), std::nullopt);
}

TEST_F(WebSessions, AreRefusedWhileTheStoreFails) {
  const std::string token = begin(sample);
  store.fail(1, fault::lost, true);
  EXPECT_EQ(word(run(tested.find(token))), "store_unavailable");
  EXPECT_EQ(word(run(tested.begin(sample, 1min))), "store_unavailable");
  EXPECT_EQ(word(run(tested.end(token))), "store_unavailable");
}

}  // namespace
}  // namespace otpd::auth
