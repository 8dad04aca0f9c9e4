// For how long leave to make a call is leave to make it.

#include <gtest/gtest.h>

#include "sms/circuit_breaker.hpp"
#include "sms/delivery_plan.hpp"
#include "sms/provider_health.hpp"

namespace otpd::sms {
namespace {

using namespace std::chrono_literals;
using otp::failure;

TEST(Permit, StandsUntilItOpensAndAgainOnceItIsClosed) {
  circuit_breaker tested;
  boot_time now{1h};
  const auto early = tested.admit(now, 0.5).permit;
  ASSERT_TRUE(early);
  EXPECT_TRUE(tested.stands(*early));
  for (int i = 0; i < 5; ++i) {
    const auto each = tested.admit(now, 0.5).permit;
    ASSERT_TRUE(each);
    static_cast<void>(tested.record(*each, {call_result::failure, 0ms, {}}, now, 0.5));
  }
  EXPECT_FALSE(tested.stands(*early));
  now += 6s;
  for (int i = 0; i < 3; ++i) {
    const auto probe = tested.admit(now, 0.5).permit;
    ASSERT_TRUE(probe);
    EXPECT_TRUE(tested.stands(*probe));
    EXPECT_FALSE(tested.stands(*early)) << "half-open is for the probes";
    static_cast<void>(tested.record(*probe, {call_result::success, 0ms, {}}, now, 0.5));
  }
  EXPECT_TRUE(tested.stands(*early));
}

TEST(Permit, OfAProbeThatNeverLeftUsIsFreeAgain) {
  provider_health health;
  boot_time now = boot_time_now();
  for (int i = 0; i < 5; ++i) {
    const auto leave = health.admit("US", now, 0.5);
    ASSERT_TRUE(leave.permit);
    static_cast<void>(health.record(*leave.permit, {call_result::failure, 0ms, {}}, now, 0.5));
  }
  now += 6s;  // the wait is over
  duplicate_budget duplicates;
  provider_health* const candidates[] = {&health};
  for (int i = 0; i < 10; ++i) {
    plan_options options;
    options.deadline = now + 15s;
    options.country = "US";
    delivery_plan plan(candidates, options, duplicates);
    ASSERT_TRUE(std::holds_alternative<delivery_plan::attempt>(plan.next(now, 0.5))) << i;
    EXPECT_TRUE(plan.still_wanted());
    plan.report({failure::unavailable, 0ms, {}, false}, now, 0.5);
  }
  EXPECT_EQ(health.state(now), breaker_state::half_open);
}

}  // namespace
}  // namespace otpd::sms
