#include "sms/call_window.hpp"

#include <gtest/gtest.h>

namespace otpd::sms {
namespace {

using namespace std::chrono_literals;

TEST(CallWindow, CountsTheSecondOfNowAndTheNineBefore) {
  call_window tested;
  tested.add(boot_time{100'999ms}, true, false);
  EXPECT_EQ(tested.total(boot_time{109'999ms}).failures, 1U);
  EXPECT_EQ(tested.total(boot_time{110'000ms}).failures, 0U);
  tested.add(boot_time{105s}, false, true);
  EXPECT_EQ(tested.total(boot_time{109s}).calls, 2U);
  EXPECT_EQ(tested.total(boot_time{110s}).calls, 1U);
  EXPECT_EQ(tested.total(boot_time{110s}).slow, 1U);
  tested.clear();
  EXPECT_EQ(tested.total(boot_time{110s}).calls, 0U);
}

TEST(CallWindow, SharesAreExactAndNeedACall) {
  EXPECT_FALSE((call_window::counts{}.failing(50)));
  EXPECT_TRUE((call_window::counts{4, 2, 0}.failing(50)));
  EXPECT_FALSE((call_window::counts{5, 2, 0}.failing(50)));
  EXPECT_TRUE((call_window::counts{5, 0, 4}.slow_at(80)));
}

}  // namespace
}  // namespace otpd::sms
