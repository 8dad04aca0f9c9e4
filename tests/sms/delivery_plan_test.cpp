#include "sms/delivery_plan.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "sms/plan_desk.hpp"

namespace otpd::sms {
namespace {

using namespace std::chrono_literals;
using otp::failure;
using plan = delivery_plan;

// Letters of a script: what the next attempt meets.
const std::map<char, failure> letters{
    {'s', failure::none},          {'b', failure::bad_number},   {'p', failure::not_permitted},
    {'r', failure::rejected},      {'l', failure::rate_limited}, {'c', failure::out_of_credit},
    {'m', failure::misconfigured}, {'u', failure::unavailable},  {'?', failure::unknown}};

char letter_of(failure what) {
  for (const auto& [letter, each] : letters)
    if (each == what) return letter;
  return ' ';
}

// Runs a plan to its end: each attempt takes 100 ms and meets the next letter. The walk in words:
// "0" an attempt at candidate 0, "p50" a pause of 50 ms, "=u1" done with `unavailable` of candidate 1,
// "!" a possible duplicate, "-" nothing was tried, "+4000" with that retry_after.
std::string run(plan& tested, plan_desk& at, const std::string& script,
                std::optional<milliseconds> retry_after = {}) {
  std::ostringstream out;
  std::size_t used = 0;
  for (;;) {
    const plan::action step = tested.next(at.now, 0.5);
    if (const auto* attempt = std::get_if<plan::attempt>(&step)) {
      if (used == script.size()) return out.str() + "one attempt too many";
      out << attempt->candidate << ' ';
      at.now += 100ms;
      tested.report({letters.at(script[used++]), 100ms, retry_after}, at.now, 0.5);
    } else if (const auto* pause = std::get_if<plan::pause>(&step)) {
      out << 'p' << pause->length.count() << ' ';
      at.now += pause->length;
    } else {
      const auto& end = std::get<plan::done>(step);
      out << '=' << letter_of(end.failure);
      if (end.candidate) out << *end.candidate;
      if (end.possible_duplicate) out << '!';
      if (end.nothing_was_tried) out << '-';
      if (end.retry_after > 0ms) out << '+' << end.retry_after.count();
      return out.str();
    }
  }
}

TEST(DeliveryPlan, GoesItsWayByWhatTheProvidersSay) {
  struct row {
    std::size_t providers;
    std::string script, expected;
  };
  const std::vector<row> rows{
      {2, "s", "0 =s0"},
      // Certainly not sent: the next one at once.
      {2, "us", "0 1 =s1"},
      {2, "ls", "0 1 =s1"},
      {2, "cs", "0 1 =s1"},
      {2, "ms", "0 1 =s1"},
      {2, "ps", "0 1 =s1"},
      {2, "rs", "0 1 =s1"},
      {3, "ucs", "0 1 2 =s2"},
      // Nobody else would do better.
      {3, "b", "0 =b0"},
      {3, "ub", "0 1 =b1"},
      // A second attempt: only with nobody left, only after these two.
      {1, "us", "0 p50 0 =s0"},
      {1, "ls", "0 p50 0 =s0"},
      {1, "uu", "0 p50 0 =u0"},
      {1, "c", "0 =c0"},
      {1, "m", "0 =m0"},
      {1, "p", "0 =p0"},
      {1, "r", "0 =r0"},
      {2, "rus", "0 1 p50 1 =s1"},
      {2, "urs", "0 1 p50 0 =s0"},
      {2, "rp", "0 1 =p1"},
      // Three in all.
      {2, "uuu", "0 1 p50 0 =u0"},
      {4, "uuu", "0 1 2 =u2"},
      {4, "ccc", "0 1 2 =c2"},
      // It may have been sent: once to another, never again to the same.
      {1, "?", "0 =?0"},
      {2, "?s", "0 1 =s1!"},
      {3, "??", "0 1 =?1!"},
      {2, "?r", "0 1 =?0"},
      {3, "?b", "0 1 =?0"},
      {3, "?us", "0 1 2 =s2!"},
      {2, "?us", "0 1 p50 1 =s1!"},
      {2, "u?s", "0 1 p50 0 =s0!"},
      {1, "u?", "0 p50 0 =?0"},
      {3, "uu?", "0 1 2 =?2"},
      // Nobody to ask.
      {0, "", "=m-"},
  };
  for (const auto& [providers, script, expected] : rows) {
    plan_desk at(providers);
    plan tested(at.route, at.within(15s), at.duplicates);
    EXPECT_EQ(run(tested, at, script), expected) << providers << ' ' << script;
  }
}

TEST(DeliveryPlan, SaysTheEndAgain) {
  plan_desk at(2);
  plan tested(at.route, at.within(15s), at.duplicates);
  EXPECT_EQ(run(tested, at, "s"), "0 =s0");
  EXPECT_EQ(run(tested, at, ""), "=s0");
}

TEST(DeliveryPlan, PassesOverWhatIsOpen) {
  plan_desk at(3);
  at.open(0);
  plan first(at.route, at.within(15s), at.duplicates);
  EXPECT_EQ(run(first, at, "us"), "1 2 =s2");
}

TEST(DeliveryPlan, WithAllOpenNothingIsTried) {
  plan_desk at(2);
  at.open(1);
  at.now += 1s;
  at.open(0);
  plan tested(at.route, at.within(15s), at.duplicates);
  EXPECT_EQ(run(tested, at, ""), "=u-+4000");
}

TEST(DeliveryPlan, AsksTheOneToAvoidLast) {
  for (const auto& [avoid, expected] :
       {std::pair{0U, "1 2 0 =u0"}, {1U, "0 2 1 =u1"}, {2U, "0 1 2 =u2"}, {9U, "0 1 2 =u2"}}) {
    plan_desk at(3);
    plan_options options = at.within(15s);
    options.avoid = avoid;
    plan tested(at.route, options, at.duplicates);
    EXPECT_EQ(run(tested, at, "uuu"), expected);
  }
}

TEST(DeliveryPlan, StopsAfterAnAmbiguousFailureIfToldTo) {
  plan_desk at(2);
  plan_options options = at.within(15s);
  options.on_ambiguous = on_ambiguous::stop;
  plan tested(at.route, options, at.duplicates);
  EXPECT_EQ(run(tested, at, "?"), "0 =?0");
}

TEST(DeliveryPlan, FailsOverAfterAnAmbiguousFailureWhileTheBudgetLasts) {
  plan_desk at(2);
  while (at.duplicates.take()) {
  }
  at.duplicates.give_back();
  {
    plan first(at.route, at.within(15s), at.duplicates);
    EXPECT_EQ(run(first, at, "?s"), "0 1 =s1!");
  }
  plan second(at.route, at.within(15s), at.duplicates);
  EXPECT_EQ(run(second, at, "?"), "0 =?0");
}

TEST(DeliveryPlan, GivesBackWhatNoFailoverUsed) {
  plan_desk at(1);
  while (at.duplicates.take()) {
  }
  at.duplicates.give_back();
  plan tested(at.route, at.within(15s), at.duplicates);
  EXPECT_EQ(run(tested, at, "?"), "0 =?0");
  EXPECT_TRUE(at.duplicates.take());
}

TEST(DeliveryPlan, HonoursRetryAfterThatFitsTheDeadline) {
  plan_desk fits(1);
  plan first(fits.route, fits.within(15s), fits.duplicates);
  EXPECT_EQ(run(first, fits, "ls", 14s), "0 p14000 0 =s0");

  plan_desk late(1);
  plan second(late.route, late.within(15s), late.duplicates);
  EXPECT_EQ(run(second, late, "l", 15s), "0 =l0+15000");

  plan_desk vast(1);
  plan third(vast.route, vast.within(15s), vast.duplicates);
  EXPECT_EQ(run(third, vast, "l", milliseconds::max()), "0 =l0+3600000");
}

TEST(DeliveryPlan, KeepsItsSecondAttemptsWithinTheBudget) {
  plan_desk at(1);
  while (at.health[0].take_retry(retry_cost::refused, at.now)) {
  }
  plan tested(at.route, at.within(15s), at.duplicates);
  EXPECT_EQ(run(tested, at, "u"), "0 =u0");
}

TEST(DeliveryPlan, DoesNotAskAgainWhomItsOwnFailureOpened) {
  plan_desk at(1);
  for (int i = 0; i < 4; ++i)
    at.record(0, failure::unavailable);
  plan tested(at.route, at.within(15s), at.duplicates);
  EXPECT_EQ(run(tested, at, "u"), "0 =u0+5000");
}

TEST(DeliveryPlan, DoesNotAskAgainWhomOthersOpenedDuringThePause) {
  plan_desk at(1);
  plan tested(at.route, at.within(15s), at.duplicates);
  ASSERT_TRUE(std::holds_alternative<plan::attempt>(tested.next(at.now, 0.5)));
  tested.report({failure::unavailable, 1ms, {}}, at.now, 0.5);
  ASSERT_TRUE(std::holds_alternative<plan::pause>(tested.next(at.now, 0.5)));
  EXPECT_TRUE(std::holds_alternative<plan::pause>(tested.next(at.now + 49ms, 0.5))) << "asked too early";
  at.open(0);
  at.now += 50ms;
  EXPECT_EQ(run(tested, at, ""), "=u0+4950");
}

TEST(DeliveryPlan, JittersFullyAndTwiceAsFarTheSecondTime) {
  for (const auto& [random, first, second] :
       {std::tuple{0.1, 10ms, 20ms}, {0.5, 50ms, 100ms}, {0.99, 99ms, 198ms}}) {
    plan_desk at(2);
    plan tested(at.route, at.within(15s), at.duplicates);
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(std::holds_alternative<plan::attempt>(tested.next(at.now, random)));
      tested.report({failure::unavailable, 1ms, {}}, at.now, random);
    }
    EXPECT_EQ(std::get<plan::pause>(tested.next(at.now, random)).length, first);
    at.open(0);
    at.now += first;
    EXPECT_EQ(std::get<plan::pause>(tested.next(at.now, random)).length, second);
    at.now += second;
    EXPECT_EQ(std::get<plan::attempt>(tested.next(at.now, random)).candidate, 1U);
  }
}

TEST(DeliveryPlan, StaysWithinTheDeadline) {
  plan_desk at(3);
  plan tested(at.route, at.within(15s), at.duplicates);
  auto step = std::get<plan::attempt>(tested.next(at.now, 0.5));
  EXPECT_EQ(step.bound, 10s) << "the provider's own time-out";
  EXPECT_EQ(step.number, 1U);
  EXPECT_FALSE(step.after_ambiguous);
  at.now += 10s;
  tested.report({failure::unknown, 10s, {}}, at.now, 0.5);
  step = std::get<plan::attempt>(tested.next(at.now, 0.5));
  EXPECT_EQ(step.bound, 5s) << "what is left";
  EXPECT_EQ(step.number, 2U);
  EXPECT_TRUE(step.after_ambiguous);
  at.now += 5s;
  tested.report({failure::unavailable, 5s, {}}, at.now, 0.5);
  EXPECT_EQ(run(tested, at, ""), "=?0");

  plan late(at.route, at.within(0s), at.duplicates);
  EXPECT_EQ(run(late, at, ""), "=u-");
}

TEST(DeliveryPlan, TellsEachTransitionOnce) {
  plan_desk at(2);
  for (int i = 0; i < 4; ++i)
    at.record(0, failure::unavailable);
  plan tested(at.route, at.within(15s), at.duplicates);
  EXPECT_EQ(run(tested, at, "us"), "0 1 =s1");
  const auto changes = tested.take_changes();
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].candidate, 0U);
  EXPECT_FALSE(changes[0].of_country);
  EXPECT_EQ(changes[0].what.to, breaker_state::open);
  EXPECT_TRUE(tested.take_changes().empty());
}

TEST(DeliveryPlan, AnEarlyEndGivesThePermitBack) {
  plan_desk at(1);
  at.open(0);
  at.now += 5s;
  for (int i = 0; i < 10; ++i) {
    plan tested(at.route, at.within(15s), at.duplicates);
    EXPECT_TRUE(std::holds_alternative<plan::attempt>(tested.next(at.now, 0.5))) << i;
  }
  EXPECT_EQ(at.health[0].state(at.now), breaker_state::half_open);
}

}  // namespace
}  // namespace otpd::sms
