// RELIABILITY S7: what the wall clock may do, and what no code may notice of it.

#include <gtest/gtest.h>

#include "store/world.hpp"

namespace otpd::store::test {
namespace {

constexpr std::int64_t code_life = 600'000;

struct jump {
  const char* name;
  std::int64_t by;
};
constexpr jump jumps[]{{"a day back", -day_ms},
                       {"a day on", day_ms},
                       {"twenty years on", 20 * year_ms},
                       {"twenty years back", -20 * year_ms}};

TEST(LifeClock, StartsAtTheWallClockInANewStore) {
  const fake_time time;
  life_clock clock(time);
  clock.start(otp::instant{}, false);
  EXPECT_EQ(clock.now().now.time_since_epoch().count(), time.wall_ms());
  EXPECT_FALSE(clock.is_suspect());
}

TEST(LifeClock, StartsAfterTheMarkIfThatIsLater) {
  const fake_time time;
  life_clock clock(time);
  const otp::instant mark{otp::milliseconds{time.wall_ms() + day_ms}};
  clock.start(mark, false);
  EXPECT_EQ(clock.now().now, mark + 1ms);
  EXPECT_FALSE(clock.is_suspect());
}

// What began with the very last commit of an earlier process began before this one.
TEST(LifeClock, BeginsLaterThanAllThatTheStoreHasSeen) {
  for (const std::int64_t by : {-day_ms, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, day_ms}) {
    SCOPED_TRACE(by);
    world w;
    w.open();
    ASSERT_FALSE(w.put(1, "code"));
    const otp::instant last = w.now();
    w.close();
    w.time.jump(by);
    w.open();
    EXPECT_GT(w.clock->now().started, last);
    EXPECT_GE(w.clock->now().now, w.clock->now().started);
  }
}

TEST(LifeClock, CountsRealTimeWhateverTheWallClockDoes) {
  for (const auto& jump : jumps) {
    SCOPED_TRACE(jump.name);
    fake_time time;
    life_clock clock(time);
    clock.start(otp::instant{}, false);
    const auto begin = clock.now().now;
    time.jump(jump.by);
    EXPECT_EQ(clock.now().now, begin);
    time.pass(code_life);
    EXPECT_EQ((clock.now().now - begin).count(), code_life);
  }
}

// A code ends after its real lifetime, neither earlier nor later, when the wall clock jumps under a running
// process.
TEST(LifeClock, AJumpNeitherEndsNorExtendsACodeOfARunningProcess) {
  for (const auto& jump : jumps) {
    SCOPED_TRACE(jump.name);
    world w;
    w.open();
    ASSERT_FALSE(w.put(1, "code", w.now() + otp::milliseconds(code_life)));
    w.time.jump(jump.by);
    w.time.pass(code_life - 1);
    EXPECT_EQ(w.get(1), "code");
    w.time.pass(1);
    EXPECT_EQ(w.get(1), "-");
  }
}

// The clock may lose at most a tick over a restart, and only if the wall clock was set back.
TEST(LifeClock, AJumpWithARestartNeverExtendsACode) {
  for (const auto& jump : jumps) {
    SCOPED_TRACE(jump.name);
    world w;
    w.open();
    ASSERT_FALSE(w.put(1, "code", w.now() + otp::milliseconds(code_life)));
    w.time.pass(code_life / 2);
    ASSERT_TRUE(w.mark_is_now());
    w.close();
    w.time.jump(jump.by);
    w.time.reboot();
    w.open();
    w.time.pass(code_life / 2);
    EXPECT_EQ(w.get(1), "-");
  }
}

TEST(LifeClock, TimeThatPassedWhileTheStoreWasClosedCounts) {
  world w;
  w.open();
  ASSERT_FALSE(w.put(1, "code", w.now() + otp::milliseconds(code_life)));
  w.close();
  w.time.pass(code_life);
  w.open();
  EXPECT_EQ(w.get(1), "-");
}

TEST(LifeClock, AnIdleProcessMovesItsMark) {
  world w;
  w.open();
  ASSERT_FALSE(w.put(1, "code", w.now() + otp::milliseconds(code_life)));
  w.close();
  w.open();  // nothing is written from here on
  w.time.pass(code_life);
  EXPECT_TRUE(w.mark_is_now());
  w.close();
  w.time.jump(-day_ms);
  w.open();
  EXPECT_EQ(w.get(1), "-");
}

TEST(LifeClock, IsSuspectAfterAForwardJumpUntilConfirmed) {
  struct row {
    const char* name;
    std::int64_t jump;
    bool confirmed;
    bool suspect;
  };
  constexpr row rows[]{
      {"no jump", 0, false, false},
      {"an hour", hour_ms, false, false},
      {"more than an hour", hour_ms + 1, false, true},
      {"a day back", -day_ms, false, false},
      {"a day on", day_ms, false, true},
      {"a day on, confirmed", day_ms, true, false},
      {"twenty years", 20 * year_ms, false, true},
      {"twenty years, confirmed", 20 * year_ms, true, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    fake_time time;
    life_clock clock(time);
    const otp::instant mark{otp::milliseconds{time.wall_ms()}};
    time.jump(row.jump);
    clock.start(mark, row.confirmed);
    EXPECT_EQ(clock.is_suspect(), row.suspect);
    EXPECT_EQ(clock.collectable_before() == otp::instant::min(), row.suspect);
  }
}

TEST(LifeClock, CollectsAnHourBehindTheEarlierOfBothClocks) {
  fake_time time;
  life_clock clock(time);
  clock.start(otp::instant{}, false);
  const auto begin = time.wall_ms();
  EXPECT_EQ(clock.collectable_before().time_since_epoch().count(), begin - hour_ms);
  time.jump(20 * year_ms);
  EXPECT_EQ(clock.collectable_before().time_since_epoch().count(), begin - hour_ms);
  time.jump(-20 * year_ms - day_ms);
  EXPECT_EQ(clock.collectable_before().time_since_epoch().count(), begin - day_ms - hour_ms);
}

// RocksDB compacts as soon as it is open, before the store's mark was read: nobody knows yet whether the wall
// clock is right.
TEST(LifeClock, CollectsNothingBeforeItIsStarted) {
  const fake_time time;
  const life_clock clock(time);
  EXPECT_EQ(clock.collectable_before(), otp::instant::min());
}

TEST(LifeClock, TellsTheWallTimeOfAMoment) {
  fake_time time;
  life_clock clock(time);
  clock.start(otp::instant{otp::milliseconds{time.wall_ms() + day_ms}}, false);
  const auto moment = clock.now().now + 10s;
  EXPECT_EQ(clock.wall_ms(moment), time.wall_ms() + 10'000);
}

}  // namespace
}  // namespace otpd::store::test
