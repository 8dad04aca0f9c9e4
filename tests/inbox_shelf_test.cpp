#include "inbox_shelf.hpp"

#include <gtest/gtest.h>

namespace otpd {
namespace {

TEST(InboxShelf, TellsMessagesOfOneSecondApart) {
  std::int64_t now = 1'700'000'000'001;
  const auto clock = [&now] { return now; };
  inbox_shelf shelf;
  shelf.add("first", clock);
  shelf.add("second", clock);
  for (const char* name : {"first", "second", "first"}) {
    sms::inbox& box = shelf.of(name);
    box.file(box.admit().number, {}, sms::inbox_outcome::accepted, otp::failure::none);
    now += 5;
  }
  ASSERT_EQ(shelf.messages("first").size(), 2U);
  EXPECT_EQ(shelf.messages("first")[0].at_ms, 1'700'000'000'011);
  EXPECT_EQ(shelf.messages("first")[1].at_ms, 1'700'000'000'001);
  EXPECT_EQ(shelf.messages("second")[0].at_ms, 1'700'000'000'006);
}

}  // namespace
}  // namespace otpd
