#include "net/deadlines.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace otpd::net {
namespace {

using namespace std::chrono_literals;

struct counting final : timed {
  explicit counting(deadlines& list) : owner(list) { owner.add(*this); }
  ~counting() override { owner.remove(*this); }
  void expire() override { ++expired; }
  void wind_down() override { ++wound_down; }
  void abort() override { ++aborted; }

  deadlines& owner;
  int expired = 0;
  int wound_down = 0;
  int aborted = 0;
};

TEST(Deadlines, AreAbsoluteAndExpireOnce) {
  boost::asio::io_context context(1);
  std::chrono::nanoseconds now = 100s;
  deadlines list(context.get_executor(), [&now] { return now; });
  counting early(list);
  counting late(list);
  counting never(list);
  early.expire_at(105s);
  late.expire_at(110s);
  now = 105s - 1ns;
  list.sweep();
  EXPECT_EQ(early.expired, 0);
  now = 105s;
  list.sweep();
  list.sweep();
  EXPECT_EQ(early.expired, 1);
  EXPECT_EQ(late.expired, 0);
  now = 1000s;
  late.never_expire();
  list.sweep();
  EXPECT_EQ(late.expired, 0);
  EXPECT_EQ(never.expired, 0);
}

TEST(Deadlines, WindDownWithinTheirBound) {
  boost::asio::io_context context(1);
  std::chrono::nanoseconds now = 100s;
  deadlines list(context.get_executor(), [&now] { return now; });
  counting first(list);
  { counting gone(list); }
  counting last(list);
  list.wind_down(25s);
  EXPECT_EQ(first.wound_down, 1);
  EXPECT_EQ(last.wound_down, 1);
  now = 124s;
  list.sweep();
  EXPECT_EQ(first.aborted, 0);
  now = 125s;
  list.sweep();
  EXPECT_EQ(first.aborted, 1);
  EXPECT_EQ(last.aborted, 1);
}

TEST(BootTime, NeverGoesBack) {
  auto before = boot_time();
  for (int i = 0; i < 1000; ++i) {
    const auto now = boot_time();
    ASSERT_GE(now, before);
    before = now;
  }
}

}  // namespace
}  // namespace otpd::net
