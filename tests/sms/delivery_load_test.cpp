// Plans under load, on a simulated clock: what reaches a dead provider, and what the budgets allow.

#include <gtest/gtest.h>

#include <list>
#include <map>
#include <random>

#include "sms/plan_desk.hpp"

namespace otpd::sms {
namespace {

using namespace std::chrono_literals;
using otp::failure;
using plan = delivery_plan;

// Messages at a steady rate; every attempt takes its provider's time and meets its provider's answer.
struct load {
  explicit load(std::size_t providers)
      : desk(providers), answers(providers, failure::none), takes(providers, 50ms) {}

  struct message {
    message(plan_desk& desk) : tested(desk.route, desk.within(15s), desk.duplicates), began(desk.now) {}
    plan tested;
    boot_time began;
    boot_time wakes{};
    std::optional<std::size_t> asked;  // whose answer it awaits
  };

  plan_desk desk;
  std::vector<failure> answers;
  std::vector<milliseconds> takes;
  std::mt19937 dice{7};
  std::list<message> messages;
  std::vector<int> calls = std::vector<int>(answers.size());
  std::map<failure, int> ends;
  milliseconds slowest{};
  std::vector<breaker_change> changes;  // of the first provider
  std::vector<int> calls_at_change;     // to the first provider until then

  double random() { return static_cast<double>(dice() % 1000) / 1000; }

  void note(plan& of) {
    for (const plan::change& each : of.take_changes()) {
      if (each.candidate != 0) continue;
      changes.push_back(each.what);
      calls_at_change.push_back(calls[0]);
    }
  }
  // True at its end.
  bool advance(message& one) {
    if (one.asked) {
      one.tested.report({answers[*one.asked], takes[*one.asked], {}}, desk.now, random());
      one.asked.reset();
    }
    const auto step = one.tested.next(desk.now, random());
    note(one.tested);
    if (const auto* attempt = std::get_if<plan::attempt>(&step)) {
      ++calls[attempt->candidate];
      one.asked = attempt->candidate;
      one.wakes = desk.now + takes[attempt->candidate];
    } else if (const auto* pause = std::get_if<plan::pause>(&step)) {
      one.wakes = desk.now + pause->length;
    } else {
      ++ends[std::get<plan::done>(step).failure];
      slowest = std::max(slowest, desk.now - one.began);
      return true;
    }
    return false;
  }
  void run(milliseconds time, milliseconds every) {
    for (const boot_time end = desk.now + time; desk.now < end; desk.now += 5ms) {
      if (desk.now.time_since_epoch() % every == 0ms) messages.emplace_back(desk);
      for (auto at = messages.begin(); at != messages.end();)
        at = at->wakes <= desk.now && advance(*at) ? messages.erase(at) : std::next(at);
    }
  }
};

TEST(DeliveryLoad, ADeadProviderSeesThreeCallsForEachWait) {
  load at(2);
  at.answers[0] = failure::unavailable;
  at.takes[0] = 1s;
  at.run(120s, 5ms);
  ASSERT_GE(at.changes.size(), 5U);
  EXPECT_EQ(at.changes[0].why, breaker_reason::consecutive_failures);
  for (std::size_t i = 1; i < at.changes.size(); ++i) {
    if (at.changes[i].to != breaker_state::open) continue;
    EXPECT_LE(at.calls_at_change[i] - at.calls_at_change[i - 1], 3);
    EXPECT_GE(at.calls_at_change[i] - at.calls_at_change[i - 1], 1);
  }
  EXPECT_EQ(at.ends.size(), 1U) << "all of them through the second";
  EXPECT_GT(at.ends[failure::none], 23'000);
  EXPECT_LE(at.slowest, 1100ms);
}

TEST(DeliveryLoad, ReturnsToTheFirstWhenItHeals) {
  load at(2);
  at.answers[0] = failure::unavailable;
  at.run(3s, 5ms);
  ASSERT_EQ(at.desk.health[0].state(at.desk.now), breaker_state::open);
  at.answers[0] = failure::none;
  at.run(6s, 5ms);
  EXPECT_EQ(at.desk.health[0].state(at.desk.now), breaker_state::closed);
  const int before = at.calls[1];
  at.run(1s, 5ms);
  EXPECT_EQ(at.calls[1], before);
}

// S2: 100 messages a second to one that always fails, its breaker held closed so that the budget alone
// counts.
TEST(DeliveryLoad, RetriesStayWithinATenthAndOneASecond) {
  load at(1);
  at.answers[0] = failure::unavailable;
  (void)at.desk.health[0].force(breaker_mode::forced_closed, at.desk.now);
  at.run(60s, 10ms);
  const int first = 6'000;
  EXPECT_LE(at.calls[0], first + first / 10 + 60 + 2);
  EXPECT_GE(at.calls[0], first + first / 10 + 50) << "and those happen";
}

TEST(DeliveryLoad, PossibleDuplicatesStayWithinTwoPercentAndTheReserve) {
  load at(2);
  at.answers[0] = failure::unknown;
  (void)at.desk.health[0].force(breaker_mode::forced_closed, at.desk.now);
  at.run(60s, 10ms);
  EXPECT_LE(at.calls[1], 256 + 6'000 / 50);
  EXPECT_GE(at.calls[1], 256 + 6'000 / 50 - 2);
  EXPECT_GT(at.ends[failure::unknown], 5'500);
}

}  // namespace
}  // namespace otpd::sms
