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
  // "charged", "busy", or for how many milliseconds it is blocked.
  std::string charge(otp::milliseconds after = 0ms) {
    const auto out = auth::charge(record, policy, start + after, running_since);
    if (out.has_value()) return "charged";
    return out.error().code == errc::overloaded ? "busy" : std::to_string(out.error().retry_after.count());
  }
  // What charge() says; and if it says so, it fails.
  std::string failure(otp::milliseconds after = 0ms) {
    const std::string out = charge(after);
    if (out == "charged") fail(record, policy, start + after);
    return out;
  }

  attempt_policy policy{3, 1h, std::nullopt};
  attempt_record record;
  otp::instant running_since = start;
};

TEST_F(AttemptRules, BlocksWithTheLastFailure) {
  EXPECT_EQ(failure(), "charged");
  EXPECT_EQ(failure(1ms), "charged");
  EXPECT_EQ(failure(2ms), "charged");
  EXPECT_EQ(failure(2ms), "3600000");
  EXPECT_EQ(failure(1h + 1ms), "1");
  EXPECT_EQ(failure(1h + 2ms), "charged") << "the block is over";
}

TEST_F(AttemptRules, ARefusedChargeDoesNotProlongTheBlock) {
  for (int i = 0; i < 3; ++i)
    failure();
  const attempt_record before = record;
  charge(1min);
  EXPECT_EQ(record, before);
}

TEST_F(AttemptRules, CountsFromZeroAfterABlock) {
  for (int i = 0; i < 3; ++i)
    failure();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(failure(1h), "charged");
  EXPECT_EQ(failure(1h), "3600000");
}

TEST_F(AttemptRules, ASuccessForgetsWhatIsInARow) {
  failure();
  failure();
  charge();
  succeed(record, policy);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(failure(), "charged");
}

// Ten people behind one address who are all right shall not block each other, and not more than three are
// judged.
TEST_F(AttemptRules, ThoseInFlightBlockNobodyAndAreNoMoreThanMayFail) {
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(charge(), "charged");
  EXPECT_EQ(charge(), "busy");
  succeed(record, policy);
  EXPECT_EQ(charge(), "charged");
  fail(record, policy, start);
  fail(record, policy, start);
  EXPECT_EQ(charge(), "busy") << "two have failed and one is in flight";
  fail(record, policy, start);
  EXPECT_EQ(charge(), "3600000");
}

TEST_F(AttemptRules, GivesBackOneCharge) {
  failure();
  charge();
  const attempt_record one = record;
  EXPECT_EQ(charge(), "charged");
  give_back(record, policy);
  EXPECT_EQ(record, one);
  attempt_record empty;
  give_back(empty, policy);
  EXPECT_EQ(empty, attempt_record{});
}

// However busy the client is meanwhile.
TEST_F(AttemptRules, WhatACrashLeavesInFlightCountsButDoesNotBlock) {
  for (int i = 0; i < 3; ++i)
    charge(i * 1ms);
  running_since = start + 1s;
  EXPECT_EQ(charge(1s), "charged");
  EXPECT_EQ(charge(1s), "busy") << "two have failed";
  succeed(record, policy);
  EXPECT_EQ(record.in_flight, 0);
  EXPECT_EQ(failure(2s), "charged");
  EXPECT_EQ(failure(2s), "charged");
  EXPECT_EQ(failure(2s), "charged");
  EXPECT_EQ(charge(2s), "3600000");
}

TEST_F(AttemptRules, WhatCouldNotBeSettledCountsInTheEnd) {
  for (int i = 0; i < 3; ++i)
    charge(i * 1s);
  EXPECT_EQ(charge(10min + 1s), "busy") << "the last one may still be judged";
  EXPECT_EQ(failure(10min + 2s), "charged");
  EXPECT_EQ(charge(10min + 2s), "3600000");
}

TEST_F(AttemptRules, ABoundThatWasLoweredBlocksNobodyForEver) {
  policy.in_a_row = 10;
  for (int i = 0; i < 9; ++i)
    failure();
  policy.in_a_row = 2;
  EXPECT_EQ(failure(), "charged");
  EXPECT_EQ(failure(), "3600000");
  EXPECT_EQ(failure(1h), "charged");
}

// NIST SP 800-63B-4, 3.2.2: after the hundredth nothing is judged until somebody unlocks.
TEST_F(AttemptRules, WithoutATimeTheBlockHasNoEnd) {
  policy = {100, std::nullopt, std::nullopt};
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(failure(i * 1h), "charged");
  EXPECT_NE(charge(100'000h), "charged");
  EXPECT_EQ(forgettable_at(record, start), otp::never);
  record = {};
  EXPECT_EQ(charge(), "charged");
}

TEST_F(AttemptRules, BoundsFailuresAllInAll) {
  policy = {1000, std::nullopt, otp::rate{10, 1h}};
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(failure(), "charged");
  EXPECT_EQ(charge(), "360000");
  EXPECT_EQ(charge(6min), "charged");
  succeed(record, policy);
  EXPECT_EQ(charge(6min), "charged") << "a success was no failure";
  EXPECT_EQ(charge(6min), "busy");
  give_back(record, policy);
  EXPECT_EQ(failure(6min), "charged");
  EXPECT_EQ(charge(6min), "360000");
}

TEST_F(AttemptRules, ThoseInFlightDoNotUseUpWhatMayFailInAll) {
  policy = {1000, std::nullopt, otp::rate{2, 1h}};
  EXPECT_EQ(charge(), "charged");
  EXPECT_EQ(charge(), "charged");
  EXPECT_EQ(charge(), "busy");
  fail(record, policy, start);
  EXPECT_EQ(charge(), "busy");
  fail(record, policy, start);
  EXPECT_EQ(charge(), "1800000");
}

TEST_F(AttemptRules, KeepsARecordOnlyWhileItSaysSomething) {
  EXPECT_EQ(forgettable_at(record, start), otp::instant{});
  charge();
  EXPECT_GE(forgettable_at(record, start), start + 24h * 365) << "what is in flight is remembered";
  fail(record, policy, start);
  EXPECT_GE(forgettable_at(record, start), start + 24h * 365) << "failures in a row are remembered";
  failure();
  failure();
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
  for (int i = 0; i < 2; ++i)
    failure();
  charge();
  const std::string bytes = encode(record);
  EXPECT_EQ(bytes.size(), 29u);
  EXPECT_EQ(decode_attempts(bytes), record);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    EXPECT_EQ(decode_attempts(bytes.substr(0, i)), std::nullopt);
  EXPECT_EQ(decode_attempts(bytes + "x"), std::nullopt);
  EXPECT_EQ(decode_attempts("\x01" + bytes.substr(1)), std::nullopt);
}

// Remembers every attempt by itself and looks at all of them each time.
struct model {
  attempt_policy policy;
  std::vector<otp::instant> row;      // failures since the last success or block
  std::vector<otp::instant> flights;  // charged, and not settled
  otp::instant last_charge{};
  otp::instant blocked_until{};

  bool charge(otp::instant now) {
    if (now < blocked_until) return false;
    if (blocked_until != otp::instant{}) row.clear();
    blocked_until = {};
    if (now >= last_charge + 10min) crash(now);
    while (row.size() >= policy.in_a_row)
      row.pop_back();
    if (row.size() + flights.size() >= policy.in_a_row) return false;
    flights.push_back(now);
    last_charge = now;
    return true;
  }
  void crash(otp::instant) {
    row.insert(row.end(), flights.begin(), flights.end());
    flights.clear();
  }
  void fail(otp::instant now) {
    flights.pop_back();
    row.push_back(now);
    if (row.size() == policy.in_a_row) blocked_until = policy.block ? now + *policy.block : otp::never;
  }
  void succeed() { flights.pop_back(), row.clear(), blocked_until = {}; }
  void give_back() { flights.pop_back(); }
};

TEST(AttemptWalk, AgreesWithTheModel) {
  std::mt19937_64 random = otpd::test::seeded_generator();
  std::size_t charged = 0, refused = 0, lost = 0;
  for (int round = 0; round < 2000; ++round) {
    attempt_policy policy;
    policy.in_a_row = static_cast<std::uint16_t>(1 + random() % 5);
    if (random() % 4 != 0) policy.block = otp::milliseconds(1 + random() % 2000);
    model expected{policy, {}, {}, {}, {}};
    std::string stored;
    otp::instant expires = otp::never;
    otp::instant now = start, running_since = start;
    for (int i = 0; i < 60; ++i) {
      now += otp::milliseconds(1 + random() % (random() % 8 == 0 ? 900'000 : 700));
      // As it is in the store: through the format, and gone when it has expired.
      attempt_record record;
      if (!stored.empty() && expires > now) record = decode_attempts(stored).value();
      lost += expected.flights.size();
      if (random() % 50 == 0) expected.crash(running_since = now);
      const bool is_charged = charge(record, policy, now, running_since).has_value();
      ASSERT_EQ(is_charged, expected.charge(now)) << "round " << round << ", step " << i;
      lost -= expected.flights.size() - (is_charged ? 1 : 0);
      (is_charged ? charged : refused) += 1;
      ASSERT_LE(expected.row.size() + expected.flights.size(), policy.in_a_row);
      for (auto settled = random() % 3; settled > 0 && !expected.flights.empty(); --settled) {
        const auto verdict = random() % 3;
        if (verdict == 0) fail(record, policy, now), expected.fail(now);
        if (verdict == 1) succeed(record, policy), expected.succeed();
        if (verdict == 2) give_back(record, policy), expected.give_back();
      }
      stored = encode(record);
      expires = forgettable_at(record, now);
    }
  }
  EXPECT_GT(charged, 10'000u);
  EXPECT_GT(refused, 10'000u);
  EXPECT_GT(lost, 1'000u);
}

}  // namespace
}  // namespace otpd::auth
