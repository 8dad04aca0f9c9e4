#include "store/expiry_filter.hpp"

#include <gtest/gtest.h>

#include "store/shelf.hpp"

namespace otpd::store::test {
namespace {

// A record for each of a few expiries around now.
struct garden {
  garden() {
    put(expired_long_ago, now() - otp::milliseconds(hour_ms + 1));
    put(expired_an_hour_ago, now() - otp::milliseconds(hour_ms));
    put(just_expired, now() - otp::milliseconds(1));
    put(live, now() + otp::milliseconds(600'000));
    put(for_ever, otp::never);
    one->put_raw(foreign, "\x02 a value of a later version");
    one->put_raw(short_value, "\x01");
  }
  void put(std::uint64_t number, otp::instant expires) { one->put(number, "x", expires); }
  [[nodiscard]] otp::instant now() const { return one->clock.now().now; }
  [[nodiscard]] std::size_t left() const {
    one->db.compact();
    return one->size();
  }

  enum plant : std::uint64_t {
    expired_long_ago,
    expired_an_hour_ago,
    just_expired,
    live,
    for_ever,
    foreign,
    short_value
  };
  scratch dir{quick_root()};
  std::unique_ptr<shelf> one = std::make_unique<shelf>(dir / "store");
};

TEST(ExpiryFilter, DropsWhatExpiredMoreThanAnHourAgo) {
  const garden g;
  EXPECT_EQ(g.one->size(), 7u);
  EXPECT_EQ(g.left(), 6u);
  EXPECT_EQ(g.one->get(garden::expired_long_ago), "-");
  EXPECT_EQ(g.one->get(garden::expired_an_hour_ago), "x");
  EXPECT_EQ(g.one->get(garden::live), "x");
}

TEST(ExpiryFilter, DropsTheRestAsTheirTimeComes) {
  const garden g;
  g.one->time.pass(hour_ms + 600'001);
  EXPECT_EQ(g.left(), 3u);
  EXPECT_EQ(g.one->get(garden::for_ever), "x");
  EXPECT_EQ(g.one->get(garden::foreign), "!");
  EXPECT_EQ(g.one->get(garden::short_value), "!");
}

TEST(ExpiryFilter, AnOlderVersionDoesNotComeBack) {
  const garden g;
  g.one->put(garden::live, "old", otp::never);
  g.one->db.compact();
  g.one->put(garden::live, "new", g.now());
  g.one->time.pass(hour_ms + 1);
  g.one->db.compact();
  EXPECT_EQ(g.one->get(garden::live), "-");
}

TEST(ExpiryFilter, AWallClockJumpOfARunningProcessDropsNothing) {
  for (const std::int64_t jump : {20 * year_ms, day_ms, -day_ms}) {
    const garden g;
    const std::size_t before = g.left();
    g.one->time.jump(jump);
    EXPECT_EQ(g.left(), before);
  }
}

TEST(ExpiryFilter, DropsNothingWhileTheClockIsSuspect) {
  const garden g;
  g.one->time.jump(20 * year_ms);
  g.one->clock.start(g.one->db.last_mark().life, false);
  ASSERT_TRUE(g.one->clock.is_suspect());
  EXPECT_EQ(g.left(), 7u);
  g.one->clock.start(g.one->db.last_mark().life, true);
  EXPECT_EQ(g.left(), 3u);
}

// RocksDB compacts in the background from the moment it is open.
TEST(ExpiryFilter, DropsNothingBeforeTheClockIsStarted) {
  garden g;
  fake_time later;
  later.jump(20 * year_ms);
  g.one.reset();
  const options settings = shelf::in(g.dir / "store");
  directory place(settings);
  const life_clock clock(later);
  const std::array<std::uint8_t, 32> check{};
  database db(settings, place, clock, check, false);
  db.compact();
  std::size_t left = 0;
  db.scan(otp::table::recipients, [&left](auto, auto) { ++left; });
  EXPECT_EQ(left, 7u);
}

TEST(ExpiryFilter, ARestartAfterAForwardJumpDropsNothing) {
  world w;
  w.open();
  ASSERT_FALSE(w.put(1, "live", w.now() + 600'000ms));
  w.close();
  w.time.jump(20 * year_ms);
  for (int restart = 0; restart < 3; ++restart) {  // only a person ends the suspicion, no number of restarts
    w.open();
    EXPECT_TRUE(w.clock->is_suspect());
  }
  w.settings.clock_confirmed = true;
  w.open();
  EXPECT_FALSE(w.clock->is_suspect());
  ASSERT_TRUE(w.mark_is_now());
  w.settings.clock_confirmed = false;
  w.open();
  EXPECT_FALSE(w.clock->is_suspect());
  w.close();
  EXPECT_EQ(shelf(w.settings.store.path).size(), 1u);
}

}  // namespace
}  // namespace otpd::store::test
