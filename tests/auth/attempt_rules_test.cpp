// The rule about failed attempts: a table, and a seeded walk against a model that counts in another way.

#include "auth/attempt_rules.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "system/seed.hpp"

namespace otpd::auth {
namespace {

using namespace std::chrono_literals;

constexpr otp::instant start{otp::milliseconds{1'800'000'000'000}};

class AttemptRules : public testing::Test {
 protected:
  // "charged", or for how many milliseconds it is blocked.
  std::string charge(otp::milliseconds after = 0ms) {
    const auto wait = auth::charge(record, policy, start + after);
    return wait ? std::to_string(wait->count()) : "charged";
  }

  attempt_policy policy{3, 1h, std::nullopt};
  attempt_record record;
};

TEST_F(AttemptRules, BlocksWhenTheLastFailureIsCharged) {
  EXPECT_EQ(charge(), "charged");
  EXPECT_EQ(charge(1ms), "charged");
  EXPECT_EQ(charge(2ms), "charged");
  EXPECT_EQ(charge(2ms), "3600000");
  EXPECT_EQ(charge(1h + 1ms), "1");
  EXPECT_EQ(charge(1h + 2ms), "charged") << "the block is over";
}

TEST_F(AttemptRules, ARefusedChargeChangesNothing) {
  for (int i = 0; i < 3; ++i)
    charge();
  const attempt_record before = record;
  charge(1min);
  EXPECT_EQ(record, before) << "trying does not prolong the block";
}

TEST_F(AttemptRules, CountsFromZeroAfterABlock) {
  for (int i = 0; i < 3; ++i)
    charge();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(charge(1h), "charged");
  EXPECT_EQ(charge(1h), "3600000");
}

TEST_F(AttemptRules, ASuccessForgetsWhatIsInARowAndTheBlock) {
  charge();
  charge();
  charge();
  succeed(record, policy);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(charge(), "charged");
}

TEST_F(AttemptRules, GivesBackOneChargeAndTheBlockThatItMade) {
  charge();
  const attempt_record one = record;
  charge();
  give_back(record, policy);
  EXPECT_EQ(record, one);
  charge();
  charge();
  EXPECT_NE(charge(), "charged");
  give_back(record, policy);
  EXPECT_EQ(charge(), "charged") << "the block went with it";
  EXPECT_NE(charge(), "charged");
  attempt_record empty;
  give_back(empty, policy);
  EXPECT_EQ(empty, attempt_record{});
}

// NIST SP 800-63B-4, 3.2.2: after the hundredth nothing is judged until somebody unlocks.
TEST_F(AttemptRules, WithoutATimeTheBlockHasNoEnd) {
  policy = {100, std::nullopt, std::nullopt};
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(charge(i * 1h), "charged");
  EXPECT_NE(charge(100'000h), "charged");
  EXPECT_EQ(forgettable_at(record, start), otp::never);
  record = {};
  EXPECT_EQ(charge(), "charged");
}

TEST_F(AttemptRules, BoundsFailuresAllInAll) {
  policy = {1000, std::nullopt, otp::rate{10, 1h}};
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(charge(), "charged");
  EXPECT_EQ(charge(), "360000");
  EXPECT_EQ(charge(6min), "charged");
  succeed(record, policy);
  EXPECT_EQ(charge(6min), "charged") << "a success was no failure";
  EXPECT_NE(charge(6min), "charged");
  give_back(record, policy);
  EXPECT_EQ(charge(6min), "charged");
}

TEST_F(AttemptRules, KeepsARecordOnlyWhileItSaysSomething) {
  EXPECT_EQ(forgettable_at(record, start), otp::instant{});
  charge();
  EXPECT_GE(forgettable_at(record, start), start + 24h * 365) << "failures in a row are remembered";
  charge();
  charge();
  EXPECT_EQ(forgettable_at(record, start), start + 1h);
  succeed(record, policy);
  EXPECT_LE(forgettable_at(record, start), start);
  policy.failures = otp::rate{10, 1h};
  charge();
  succeed(record, policy);
  EXPECT_LE(forgettable_at(record, start), start);
}

TEST_F(AttemptRules, ReadsWhatItWroteAndNothingElse) {
  policy.failures = otp::rate{10, 1h};
  for (int i = 0; i < 3; ++i)
    charge();
  const std::string bytes = encode(record);
  EXPECT_EQ(bytes.size(), 19u);
  EXPECT_EQ(decode_attempts(bytes), record);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    EXPECT_EQ(decode_attempts(bytes.substr(0, i)), std::nullopt);
  EXPECT_EQ(decode_attempts(bytes + "x"), std::nullopt);
  EXPECT_EQ(decode_attempts("\x02" + bytes.substr(1)), std::nullopt);
}

// Remembers every attempt by itself and looks at all of them each time.
struct model {
  attempt_policy policy;
  std::vector<otp::instant> row;  // failures since the last success or block
  otp::instant blocked_until{};

  bool charge(otp::instant now) {
    if (now < blocked_until) return false;
    if (blocked_until != otp::instant{}) row.clear();
    blocked_until = {};
    row.push_back(now);
    if (row.size() == policy.in_a_row) blocked_until = policy.block ? now + *policy.block : otp::never;
    return true;
  }
  void succeed() { row.clear(), blocked_until = {}; }
  void give_back() {
    row.pop_back();
    blocked_until = {};
  }
};

TEST(AttemptWalk, AgreesWithTheModel) {
  std::mt19937_64 random = otpd::test::seeded_generator();
  for (int round = 0; round < 2000; ++round) {
    attempt_policy policy;
    policy.in_a_row = static_cast<std::uint16_t>(1 + random() % 5);
    if (random() % 4 != 0) policy.block = otp::milliseconds(1 + random() % 2000);
    model expected{policy, {}, {}};
    std::string stored;
    otp::instant expires = otp::never;
    otp::instant now = start;
    for (int i = 0; i < 60; ++i) {
      now += otp::milliseconds(random() % 700);
      // As it is in the store: through the format, and gone when it has expired.
      attempt_record record;
      if (!stored.empty() && expires > now) record = decode_attempts(stored).value();
      const bool is_charged = !charge(record, policy, now);
      ASSERT_EQ(is_charged, expected.charge(now)) << "round " << round << ", step " << i;
      const auto verdict = is_charged ? random() % 3 : 0;
      if (verdict == 1) succeed(record, policy), expected.succeed();
      if (verdict == 2) give_back(record, policy), expected.give_back();
      stored = encode(record);
      expires = forgettable_at(record, now);
    }
  }
}

}  // namespace
}  // namespace otpd::auth
