#include "sms/retry_budget.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "sms/duplicate_budget.hpp"

namespace otpd::sms {
namespace {

using namespace std::chrono_literals;

constexpr boot_time start{1000s};

int take_all(retry_budget& from, retry_cost cost, boot_time now) {
  int taken = 0;
  while (from.take(cost, now))
    ++taken;
  return taken;
}

TEST(RetryBudget, BeginsWithItsReserve) {
  retry_budget tested;
  EXPECT_EQ(take_all(tested, retry_cost::refused, start), 2);
}

TEST(RetryBudget, EarnsATenthPerFirstAttemptUpToFifty) {
  for (const auto& [attempts, expected] : {std::pair{9, 0}, {10, 1}, {499, 49}, {500, 50}, {9000, 50}}) {
    retry_budget tested;
    take_all(tested, retry_cost::refused, start);
    for (int i = 0; i < attempts; ++i)
      tested.count_first_attempt();
    EXPECT_EQ(take_all(tested, retry_cost::refused, start), expected) << attempts;
  }
}

TEST(RetryBudget, ReservesOneASecondUpToTwo) {
  for (const auto& [passed, expected] :
       {std::pair<milliseconds, int>{999ms, 0}, {1000ms, 1}, {1999ms, 1}, {2000ms, 2}, {1h, 2}}) {
    retry_budget tested;
    take_all(tested, retry_cost::refused, start);
    EXPECT_EQ(take_all(tested, retry_cost::refused, start + passed), expected) << passed.count();
  }
}

TEST(RetryBudget, ATimeOutCostsTwo) {
  retry_budget tested;
  for (int i = 0; i < 30; ++i)
    tested.count_first_attempt();
  EXPECT_EQ(take_all(tested, retry_cost::timed_out, start), 2);
  EXPECT_EQ(take_all(tested, retry_cost::refused, start), 1);
}

TEST(RetryBudget, AClockThatGoesBackEarnsNothing) {
  retry_budget tested;
  take_all(tested, retry_cost::refused, start);
  EXPECT_FALSE(tested.take(retry_cost::refused, start - 100s));
  EXPECT_FALSE(tested.take(retry_cost::refused, start));
}

// S2: 100 messages a second for a minute, each of which would like a retry.
TEST(RetryBudget, HoldsRetriesOfADeadProviderToATenthAndOneASecond) {
  retry_budget tested;
  int first = 0;
  int retries = 0;
  for (boot_time now = start; now < start + 60s; now += 10ms) {
    tested.count_first_attempt();
    ++first;
    retries += tested.take(retry_cost::refused, now) ? 1 : 0;
  }
  EXPECT_EQ(first, 6000);
  EXPECT_LE(retries, first / 10 + 60 + 2);
  EXPECT_GE(retries, first / 10 + 60 - 2) << "and lets those happen";
}

TEST(DuplicateBudget, BeginsFullAndHolds256) {
  duplicate_budget tested;
  for (int i = 0; i < 1000; ++i)
    tested.count_message();
  tested.give_back();
  int taken = 0;
  while (tested.take())
    ++taken;
  EXPECT_EQ(taken, 256);
}

TEST(DuplicateBudget, GainsTwoPercentOfTheMessages) {
  duplicate_budget tested;
  while (tested.take()) {
  }
  int taken = 0;
  for (int i = 0; i < 10'000; ++i) {
    tested.count_message();
    taken += tested.take() ? 1 : 0;
  }
  EXPECT_EQ(taken, 200);
  tested.give_back();
  EXPECT_TRUE(tested.take());
  EXPECT_FALSE(tested.take());
}

TEST(DuplicateBudget, TwoThreadsTakeNoMoreThanOne) {
  duplicate_budget tested;
  std::vector<int> taken(2);
  {
    std::vector<std::jthread> threads;
    for (int& mine : taken)
      threads.emplace_back([&tested, &mine] {
        for (int i = 0; i < 5'000; ++i) {
          tested.count_message();
          mine += tested.take() ? 1 : 0;
        }
      });
  }
  EXPECT_LE(taken[0] + taken[1], 256 + 200);
  EXPECT_GE(taken[0] + taken[1], 256);
}

}  // namespace
}  // namespace otpd::sms
