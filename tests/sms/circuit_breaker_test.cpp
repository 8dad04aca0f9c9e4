#include "sms/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace otpd::sms {
namespace {

using namespace std::chrono_literals;

constexpr boot_time start{1000s};
constexpr double middle = 0.5;  // no jitter
constexpr call_outcome good{call_result::success, 100ms, {}};
constexpr call_outcome bad{call_result::failure, 100ms, {}};
constexpr call_outcome dull{call_result::neutral, 100ms, {}};

// A breaker, its clock, and what it said.
struct desk {
  circuit_breaker tested;
  boot_time now = start;
  std::vector<breaker_change> log;

  std::optional<breaker_permit> admit(double random = middle) {
    const auto out = tested.admit(now, random);
    log.insert(log.end(), out.changes.begin(), out.changes.end());
    return out.permit;
  }
  void record(const breaker_permit& permit, const call_outcome& what, double random = middle) {
    const auto changes = tested.record(permit, what, now, random);
    log.insert(log.end(), changes.begin(), changes.end());
  }
  // False if it was not let through.
  bool call(const call_outcome& what, double random = middle) {
    const auto permit = admit(random);
    if (permit) record(*permit, what, random);
    return permit.has_value();
  }
  void calls(int n, const call_outcome& what) {
    for (int i = 0; i < n; ++i)
      ASSERT_TRUE(call(what)) << i;
  }
  // Opens it, and waits until just before it lets a probe through.
  void open(double random = middle) {
    for (int i = 0; i < 5; ++i)
      call(bad, random);
    ASSERT_EQ(state(), breaker_state::open);
  }
  [[nodiscard]] breaker_state state() const { return tested.state(now); }
  [[nodiscard]] milliseconds wait() const { return tested.wait(now); }
};

TEST(CircuitBreaker, OpensByWhatItSaw) {
  struct row {
    std::string script;  // s success, f failure, S slow success, n neutral; '|' a second later
    breaker_state state;
    breaker_reason why;
  };
  const auto closed = breaker_state::closed;
  const auto open = breaker_state::open;
  const auto none = breaker_reason::operator_says;
  const std::vector<row> rows{
      {"ffff", closed, none},
      {"fffff", open, breaker_reason::consecutive_failures},
      {"ffffsffff", closed, none},
      {"ffnffnnf", open, breaker_reason::consecutive_failures},
      {"nnnnnnnnnnnnnnnnnnnnnnnnn", closed, none},
      {"sfsfsfsfsfsfsfsfsfs", closed, none},                                   // 19 calls
      {"sfsfsfsfsfsfsfsfsfsf", open, breaker_reason::failure_share},           // 10 of 20
      {"ssfsfsfsfsfsfsfsfsfs", closed, none},                                  // 9 of 20
      {"ssfsfsfsfsfsfsfsfsfsff", open, breaker_reason::failure_share},         // 11 of 22
      {"sssSSSSSSSSSSSSSSSSS", open, breaker_reason::slow_share},              // 17 of 20
      {"ssssSSSSSSSSSSSSSSSS", open, breaker_reason::slow_share},              // 16 of 20
      {"sssssSSSSSSSSSSSSSSS", closed, none},                                  // 15 of 20
      {"SSSSSSSSSSSSSSSSSSS", closed, none},                                   // 19 calls
      {"sfsfsfsfsf|||||||||sfsfsfsfsf", open, breaker_reason::failure_share},  // within ten buckets
      {"sfsfsfsfsf||||||||||sfsfsfsfsf", closed, none},  // the first ten have left the window
  };
  for (const auto& [script, state, why] : rows) {
    desk at;
    for (const char c : script) {
      if (c == '|') at.now += 1s;
      if (c == 's') at.call(good);
      if (c == 'f') at.call(bad);
      if (c == 'n') at.call(dull);
      if (c == 'S') at.call({call_result::success, 3001ms, {}});
    }
    EXPECT_EQ(at.state(), state) << script;
    ASSERT_EQ(at.log.size(), state == open ? 1U : 0U) << script;
    if (state == open) {
      EXPECT_EQ(at.log[0].why, why) << script;
    }
  }
}

TEST(CircuitBreaker, ThreeSecondsAreNotSlow) {
  desk at;
  at.calls(40, {call_result::success, 3000ms, {}});
  EXPECT_EQ(at.state(), breaker_state::closed);
}

TEST(CircuitBreaker, WaitsTwiceAsLongEachTimeUpToTheLongest) {
  desk at;
  at.open();
  for (const milliseconds expected : {5s, 10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
    EXPECT_EQ(at.wait(), expected);
    EXPECT_EQ(at.log.back().wait, expected);
    at.now += expected - 1ms;
    EXPECT_FALSE(at.admit());
    EXPECT_EQ(at.wait(), 1ms);
    at.now += 1ms;
    EXPECT_EQ(at.wait(), 0ms);
    EXPECT_EQ(at.state(), breaker_state::half_open);
    EXPECT_TRUE(at.call(bad));
    EXPECT_EQ(at.log.back().why, breaker_reason::probe_failed);
  }
}

TEST(CircuitBreaker, JittersByAFifth) {
  for (const auto& [random, expected] :
       {std::pair{0.0, 4000ms}, {0.25, 4500ms}, {0.5, 5000ms}, {0.75, 5500ms}}) {
    desk at;
    at.open(random);
    EXPECT_EQ(at.wait(), expected);
  }
}

TEST(CircuitBreaker, EachMinuteClosedHalvesTheNextWait) {
  for (const auto& [minutes, expected] :
       {std::pair{0min, 20s}, {1min, 10s}, {2min, 5s}, {3min, 5s}, {60min, 5s}}) {
    desk at;
    at.open();
    at.now += 5s;
    EXPECT_TRUE(at.call(bad));
    at.now += 10s;
    at.calls(3, good);
    EXPECT_EQ(at.state(), breaker_state::closed);
    at.now += minutes + 59s;
    at.open();
    EXPECT_EQ(at.wait(), expected) << minutes.count();
  }
}

TEST(CircuitBreaker, RetryAfterIsALowerBoundOfTheWait) {
  for (const auto& [asked, expected] : {std::pair<milliseconds, milliseconds>{1s, 5s},
                                        {30s, 30s},
                                        {1000s, 1000s},
                                        {milliseconds::max(), 3600s}}) {
    desk at;
    at.call({call_result::failure, 1ms, asked});
    at.calls(4, bad);
    EXPECT_EQ(at.wait(), expected);
  }
  desk at;
  at.call({call_result::failure, 1ms, 30s});
  at.call(good);
  at.calls(5, bad);
  EXPECT_EQ(at.wait(), 5s) << "a success forgets it";
  at.now += 5s;
  const auto probe = at.admit();
  at.record(*probe, dull);
  at.record(*probe, {call_result::failure, 1ms, 300s});
  at.call(bad);
  EXPECT_EQ(at.wait(), 10s) << "a permit that is recorded twice counts once";
}

TEST(CircuitBreaker, HalfOpenGivesThreePermitsAndThreeSuccessesClose) {
  desk at;
  at.open();
  at.now += 5s;
  const auto first = at.admit();
  const auto second = at.admit();
  const auto third = at.admit();
  ASSERT_TRUE(first && second && third);
  EXPECT_FALSE(at.admit());
  EXPECT_EQ(at.wait(), 1s);
  at.record(*first, good);
  at.record(*first, good);
  at.record(*second, good);
  EXPECT_FALSE(at.admit()) << "three in total, not at once";
  EXPECT_EQ(at.state(), breaker_state::half_open) << "one permit counts once";
  at.record(*third, good);
  EXPECT_EQ(at.state(), breaker_state::closed);
  ASSERT_EQ(at.log.size(), 3U);
  EXPECT_EQ(at.log[1].why, breaker_reason::wait_over);
  EXPECT_EQ(at.log[2].why, breaker_reason::probes_succeeded);
  at.calls(4, bad);
  EXPECT_EQ(at.state(), breaker_state::closed) << "nothing is left of before";
}

TEST(CircuitBreaker, ANeutralProbeFreesItsPermit) {
  desk at;
  at.open();
  at.now += 5s;
  at.calls(10, dull);
  for (int i = 0; i < 10; ++i)
    at.tested.give_back(*at.admit());
  EXPECT_EQ(at.state(), breaker_state::half_open);
  at.calls(3, good);
  EXPECT_EQ(at.state(), breaker_state::closed);
}

TEST(CircuitBreaker, ALostProbeReopensWhenItsTimeIsUp) {
  desk at;
  at.open();
  at.now += 5s;
  ASSERT_TRUE(at.admit());
  const auto late = at.admit();
  at.now += 20s - 1ms;
  EXPECT_EQ(at.state(), breaker_state::half_open);
  at.now += 1ms;
  EXPECT_EQ(at.state(), breaker_state::open);
  EXPECT_EQ(at.wait(), 10s);
  at.record(*late, good);
  EXPECT_EQ(at.log.back().why, breaker_reason::probe_lost);
  EXPECT_EQ(at.wait(), 10s);
  at.now += 10s;
  EXPECT_TRUE(at.admit());
}

TEST(CircuitBreaker, AfterAQuietHourALostProbeIsPast) {
  desk at;
  at.open();
  at.now += 5s;
  ASSERT_TRUE(at.admit());
  at.now += 1h;
  EXPECT_EQ(at.wait(), 0ms);
  EXPECT_TRUE(at.admit());
  ASSERT_EQ(at.log.size(), 4U);
  EXPECT_EQ(at.log[2].why, breaker_reason::probe_lost);
  EXPECT_EQ(at.log[3].why, breaker_reason::wait_over);
}

TEST(CircuitBreaker, IgnoresResultsOfOlderGenerations) {
  desk at;
  const auto old = at.admit();
  at.open();
  at.record(*old, {call_result::failure, 1ms, 300s});
  EXPECT_EQ(at.wait(), 5s);
  at.now += 5s;
  const auto probe = at.admit();
  at.record(*old, bad);
  EXPECT_EQ(at.state(), breaker_state::half_open);
  at.calls(2, good);
  at.record(*probe, good);
  EXPECT_EQ(at.state(), breaker_state::closed);
  for (int i = 0; i < 9; ++i)
    at.record(*old, bad);
  EXPECT_EQ(at.state(), breaker_state::closed);
}

TEST(CircuitBreaker, TheOperatorOverrules) {
  desk at;
  EXPECT_EQ(at.tested.force(breaker_mode::forced_open, at.now).size(), 1U);
  EXPECT_TRUE(at.tested.force(breaker_mode::forced_open, at.now).empty());
  at.now += 1h;
  EXPECT_FALSE(at.admit());
  EXPECT_EQ(at.state(), breaker_state::open);
  EXPECT_EQ(at.wait(), 300s);
  EXPECT_EQ(at.tested.force(breaker_mode::forced_closed, at.now).begin()->why, breaker_reason::operator_says);
  at.calls(50, bad);
  EXPECT_EQ(at.state(), breaker_state::closed);
  EXPECT_EQ(at.tested.force(breaker_mode::automatic, at.now).size(), 1U);
  at.calls(4, bad);
  EXPECT_EQ(at.state(), breaker_state::closed) << "begins anew";
  at.call(bad);
  EXPECT_EQ(at.state(), breaker_state::open);
}

TEST(CircuitBreaker, AClockThatGoesBackStandsStill) {
  desk at;
  at.open();
  at.now -= 100s;
  EXPECT_EQ(at.wait(), 5s);
  EXPECT_FALSE(at.admit());
}

TEST(CallOutcome, CountsFailuresOfTheProviderOnly) {
  using otp::failure;
  EXPECT_EQ(counts_as(failure::none), call_result::success);
  for (const auto each : {failure::unavailable, failure::unknown, failure::rate_limited,
                          failure::out_of_credit, failure::misconfigured})
    EXPECT_EQ(counts_as(each), call_result::failure);
  for (const auto each : {failure::bad_number, failure::not_permitted, failure::rejected})
    EXPECT_EQ(counts_as(each), call_result::neutral);
}

TEST(BreakerNames, AreForLogsAndMetrics) {
  EXPECT_EQ(name_of(breaker_state::half_open), "half_open");
  EXPECT_EQ(name_of(breaker_mode::forced_open), "forced_open");
  EXPECT_EQ(name_of(breaker_reason::probe_lost), "probe_lost");
}

}  // namespace
}  // namespace otpd::sms
