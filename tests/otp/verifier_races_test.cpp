// Many requests at once on one loop, over a store that waits and retries.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "otp/verifier_world.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::phone;
using test::world;

// How often each word was answered.
using tally = std::map<std::string, int>;

struct crowd : world {
  template <class T>
  void start(task<outcome<T>> work) {
    start_task(std::move(work), [this](const outcome<T>& out) { ++said[word(out)]; });
  }
  void start_issue(std::string_view profile = "default") {
    start(tested.issue({phone, std::nullopt, profile, "verify", {}, {}, by}));
  }
  void start_check(std::string_view id, std::string_view code) { start(tested.check(id, code, by)); }

  tally said;
};

TEST(Race, OfManyWhoAskSendsOneMessage) {
  crowd at;
  for (int i = 0; i < 200; ++i)
    at.start_issue();
  at.finish();
  // Those who come while it is on its way share it; the others are too early for another one.
  EXPECT_GT(at.said["pending"], 1);
  EXPECT_EQ(at.said["pending"] + at.said["rate_limited"], 200);
  EXPECT_EQ(at.sender.sent.size(), 1U);
}

TEST(Race, OfManyWhoAskAtOnceGivesTheUnusedBudgetsBack) {
  crowd at;
  at.by = {caller::network{7, false}, 3};
  for (int i = 0; i < 50; ++i)
    at.start_issue();
  at.finish();
  EXPECT_GE(at.said["pending"], 1);
  EXPECT_EQ(at.sender.sent.size(), 1U);
  EXPECT_EQ(at.sends_left(at.by), 59);
}

TEST(Race, OfManyWhoAskWithoutAGapEndsWithTheRate) {
  crowd at;
  at.profiles[0].resend_after = 0s;
  at.profiles[0].max_sends = 10;
  for (int i = 0; i < 200; ++i)
    at.start_issue();
  at.finish();
  EXPECT_EQ(at.sender.sent.size(), 1U);
  // One after the other they go on to the end of the budget.
  for (int i = 0; i < 10; ++i)
    at.start_issue(), at.finish();
  ASSERT_EQ(at.sender.sent.size(), 5U);
  for (const auto& each : at.sender.sent)
    EXPECT_EQ(each.code, at.last().code);
}

TEST(Race, OfIndependentCallersGivesEachACodeOfItsOwn) {
  crowd at;
  at.profiles[1].sends = {100, 1h};
  for (int i = 0; i < 50; ++i)
    at.start_issue("own");
  at.finish();
  EXPECT_EQ(at.said, (tally{{"pending", 8}, {"rate_limited", 42}}));
  std::vector<std::string> codes;
  for (const auto& each : at.sender.sent)
    codes.push_back(each.code);
  std::ranges::sort(codes);
  EXPECT_EQ(codes.size(), 8U);
  EXPECT_EQ(std::ranges::adjacent_find(codes), codes.end());
}

// RELIABILITY A1
TEST(Race, OfGuessesRevealsNoMoreThanTheAttempts) {
  crowd at;
  const auto made = at.issued();
  const std::string wrong = at.wrong();
  for (int i = 0; i < 5000; ++i)
    at.start_check(made.id, wrong);
  at.finish();
  EXPECT_EQ(at.said, (tally{{"wrong", 5}, {"max_attempts_reached", 4995}}));
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "max_attempts_reached");
}

TEST(Race, OfGuessesOverManyIdsRevealsNoMoreThanTheSubjects) {
  crowd at;
  at.profiles[1].sends = {100, 1h};
  const std::string wrong = "abcdef";
  at.profiles[1].alphabet = "0123456789abcdef";
  std::vector<std::string> ids;
  for (int i = 0; i < 8; ++i)
    ids.push_back(at.issued(phone, "own").id);
  for (int i = 0; i < 2000; ++i)
    at.start_check(ids[static_cast<std::size_t>(i % 8)], wrong);
  at.finish();
  EXPECT_EQ(at.said["wrong"], 10);
  EXPECT_EQ(at.said["right"], 0);
}

// RELIABILITY A5, N3
TEST(Race, OfRightAnswersHasOneWinner) {
  crowd at;
  const auto made = at.issued();
  for (int i = 0; i < 2000; ++i)
    at.start_check(made.id, at.last().code);
  at.finish();
  EXPECT_EQ(at.said, (tally{{"right", 1}, {"approved", 1999}}));
}

TEST(Race, OfOneClientsGuessesChargesItsBudgetForEachVerdictOnly) {
  crowd at;
  at.by = {caller::network{7, false}, 0};
  const auto made = at.issued();
  const std::string wrong = at.wrong();
  for (int i = 0; i < 1000; ++i)
    at.start_check(made.id, wrong);
  at.finish();
  EXPECT_EQ(at.said["wrong"], 5);
  EXPECT_EQ(at.failures_left(at.by), 95);
}

// Everything at once; the seed is the bug report.
void storm(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&random](unsigned n) { return static_cast<unsigned>(random() % n); };
  crowd at;
  profile& policy = at.profiles[0];
  policy.resend_after = 0s;
  policy.resend = seed % 2 == 0 ? resend_policy::same : resend_policy::rotate;
  policy.attempts = static_cast<std::uint8_t>(1 + below(6));
  policy.failures = {1 + below(8), 1h};
  const auto made = at.issued();
  const std::string id = made.id;
  const std::string right = at.last().code;
  const std::string wrong = right == "000000" ? "000001" : "000000";
  const bool faulty = below(3) == 0;
  if (faulty) at.store.fail(1 + below(100), static_cast<test::fault>(1 + below(3)), below(2) == 0);
  for (int i = 0; i < 300; ++i) {
    switch (below(12)) {
      case 0:
        at.start_issue();
        break;
      case 1:
        at.start(at.tested.resend({id, {}, {}, {}}));
        break;
      case 2:
        at.start(at.tested.find(id));
        break;
      case 3:
        if (below(20) == 0) at.start(at.tested.cancel(id));
        break;
      case 4:
        at.start_check(id, right);
        break;
      case 5:
        for (unsigned turns = below(30); turns > 0; --turns)
          at.loop.poll_one();
        break;
      case 6:
        at.pass(milliseconds{below(500)});
        break;
      default:
        at.start_check(id, wrong);
        break;
    }
  }
  at.finish();
  EXPECT_LE(at.said["wrong"], static_cast<int>(policy.attempts)) << "seed " << seed;
  EXPECT_LE(at.said["wrong"], static_cast<int>(policy.failures.count)) << "seed " << seed;
  EXPECT_LE(at.said["right"], 1) << "seed " << seed;
  EXPECT_LE(at.sender.sent.size(), 10U) << "seed " << seed;
}

TEST(Race, OfEverythingKeepsThePromises) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr unsigned seeds = 30;
#else
  constexpr unsigned seeds = 300;
#endif
  for (unsigned seed = 1; seed <= seeds; ++seed)
    storm(seed);
}

}  // namespace
}  // namespace otpd::otp
