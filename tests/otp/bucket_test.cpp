#include "otp/bucket.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;

constexpr instant start{milliseconds{1'800'000'000'000}};

// The same by the book: a level that drips full, in which a request is `interval` microseconds wide.
class naive_bucket {
 public:
  naive_bucket(const rate& limit, instant now)
      : interval_(limit.window.count() * 1000 / limit.count),
        full_(interval_ * limit.count),
        level_(full_),
        at_(now) {}

  bool take(instant now) {
    level_ = std::min(full_, level_ + (now - at_).count() * 1000);
    at_ = now;
    if (level_ < interval_) return false;
    level_ -= interval_;
    return true;
  }
  void give_back() { level_ = std::min(full_, level_ + interval_); }

 private:
  std::int64_t interval_;
  std::int64_t full_;
  std::int64_t level_;
  instant at_;
};

struct request {
  milliseconds at;
  std::optional<milliseconds> wait;  // nothing: taken
};

struct trace {
  const char* name;
  rate limit;
  std::vector<request> requests;
};

const std::vector<trace>& traces() {
  static const std::vector<trace> all{
      {"one a second", {1, 1s}, {{0ms, {}}, {0ms, 1000ms}, {999ms, 1ms}, {1000ms, {}}, {1500ms, 500ms}}},
      {"burst, then one each interval",
       {3, 30s},
       {{0ms, {}},
        {0ms, {}},
        {0ms, {}},
        {0ms, 10s},
        {9999ms, 1ms},
        {10s, {}},
        {10s, 10s},
        {20s, {}},
        {20s, 10s}}},
      {"an idle bucket is no more than full", {2, 2s}, {{0ms, {}}, {1h, {}}, {1h, {}}, {1h, 1s}}},
      {"a refused request costs nothing", {1, 10s}, {{0ms, {}}, {1s, 9s}, {2s, 8s}, {9s, 1s}, {10s, {}}}},
      {"an interval that is no whole millisecond",
       {3, 10ms},
       {{0ms, {}}, {0ms, {}}, {0ms, {}}, {0ms, 4ms}, {3ms, 1ms}, {4ms, {}}, {4ms, 3ms}, {7ms, {}}}},
      {"one a millisecond", {1, 1ms}, {{0ms, {}}, {0ms, 1ms}, {1ms, {}}, {1ms, 1ms}}},
      {"one in 400 days", {1, 400 * 24h}, {{0ms, {}}, {399 * 24h, 24h}, {400 * 24h, {}}}},
  };
  return all;
}

TEST(Bucket, FollowsItsRate) {
  for (const trace& each : traces()) {
    bucket tested;
    for (const request& one : each.requests) {
      const bucket before = tested;
      EXPECT_EQ(tested.wait(start + one.at, each.limit), one.wait) << each.name << " at " << one.at.count();
      EXPECT_EQ(tested.theoretical_arrival_us(), before.theoretical_arrival_us()) << each.name;
      EXPECT_EQ(tested.take(start + one.at, each.limit), one.wait) << each.name << " at " << one.at.count();
      if (one.wait) {
        EXPECT_EQ(tested.theoretical_arrival_us(), before.theoretical_arrival_us()) << each.name;
      }
    }
  }
}

TEST(Bucket, IsUsableInConstantExpressions) {
  constexpr auto second = [] {
    bucket one;
    static_cast<void>(one.take(start, {1, 1s}));
    return one.take(start + 400ms, {1, 1s});
  }();
  static_assert(second == 600ms);
}

TEST(Bucket, TellsHowManyAreLeft) {
  const rate limit{5, 50s};
  bucket tested;
  for (std::uint32_t left = 5; left > 0; --left) {
    EXPECT_EQ(tested.available(start, limit), left);
    EXPECT_EQ(tested.take(start, limit), std::nullopt);
  }
  EXPECT_EQ(tested.available(start, limit), 0U);
  EXPECT_EQ(tested.available(start + 9999ms, limit), 0U);
  EXPECT_EQ(tested.available(start + 10s, limit), 1U);
  EXPECT_EQ(tested.available(start + 50s, limit), 5U);
  EXPECT_EQ(tested.available(start + 24h, limit), 5U);
}

TEST(Bucket, IsFullFromTheMomentItSays) {
  const rate limit{3, 10ms};
  bucket tested;
  EXPECT_TRUE(tested.is_full(start));
  EXPECT_EQ(tested.take(start, limit), std::nullopt);
  EXPECT_EQ(tested.full_at(), start + 4ms);  // 3.333 ms, and moments are whole milliseconds
  EXPECT_FALSE(tested.is_full(start + 3ms));
  EXPECT_TRUE(tested.is_full(tested.full_at()));
}

TEST(Bucket, GivesBackWhatWasTaken) {
  const rate limit{2, 20s};
  bucket tested;
  EXPECT_EQ(tested.take(start, limit), std::nullopt);
  const std::int64_t once = tested.theoretical_arrival_us();
  EXPECT_EQ(tested.take(start, limit), std::nullopt);
  tested.give_back(limit);
  EXPECT_EQ(tested.theoretical_arrival_us(), once);
  EXPECT_EQ(tested.take(start, limit), std::nullopt);
  EXPECT_EQ(tested.take(start, limit), 10s);
}

TEST(Bucket, NeverHoldsMoreThanItsCountWhateverIsGivenBack) {
  const rate limit{2, 20s};
  bucket tested;
  for (int i = 0; i < 10; ++i)
    tested.give_back(limit);
  EXPECT_EQ(tested.available(start, limit), 2U);
  EXPECT_EQ(tested.take(start, limit), std::nullopt);
  EXPECT_EQ(tested.take(start, limit), std::nullopt);
  EXPECT_EQ(tested.take(start, limit), 10s);
}

TEST(Bucket, IsRestoredFromItsStoredForm) {
  const rate limit{3, 1h};
  bucket tested;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(tested.take(start, limit), std::nullopt);
  const bucket again(tested.theoretical_arrival_us());
  EXPECT_EQ(again.wait(start + 1min, limit), tested.wait(start + 1min, limit));
}

TEST(Bucket, KeepsAMillionASecond) {
  const rate limit{1'000'000, 1s};
  bucket tested;
  for (int i = 0; i < 1'000'000; ++i)
    ASSERT_EQ(tested.take(start, limit), std::nullopt) << i;
  EXPECT_EQ(tested.take(start, limit), 1ms);
  EXPECT_EQ(tested.available(start + 1ms, limit), 1000U);
  for (int i = 0; i < 1000; ++i)
    ASSERT_EQ(tested.take(start + 1ms, limit), std::nullopt) << i;
  EXPECT_EQ(tested.take(start + 1ms, limit), 1ms);
  EXPECT_EQ(tested.available(start + 10s, limit), 1'000'000U);
}

TEST(Bucket, HasRoomForTheLargestRates) {
  for (const rate& limit : {rate{1'000'000'000, 400 * 24h}, rate{1'000'000'000, 1ms}, rate{1, 400 * 24h}}) {
    bucket tested;
    EXPECT_EQ(tested.available(start, limit), limit.count);
    EXPECT_EQ(tested.take(start, limit), std::nullopt);
    EXPECT_EQ(tested.available(start, limit), limit.count - 1);
    EXPECT_TRUE(tested.is_full(tested.full_at()));
  }
}

// A rate at which the wait is asked at each step, over a random walk; the seed is the bug report.
void walk(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](std::int64_t n) {
    return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random);
  };
  const rate limit{static_cast<std::uint32_t>(1 + below(seed % 2 == 0 ? 12 : 5000)),
                   milliseconds{1 + below(100'000)}};
  if (limit.window.count() * 1000 < limit.count) return;
  instant now = start;
  bucket tested;
  naive_bucket model(limit, now);
  for (int step = 0; step < 2000; ++step) {
    const auto wait = tested.wait(now, limit);
    EXPECT_EQ(tested.available(now, limit) > 0, !wait);
    const bool taken = !tested.take(now, limit);
    ASSERT_EQ(taken, model.take(now)) << "seed " << seed << " step " << step;
    ASSERT_EQ(taken, !wait) << "seed " << seed << " step " << step;
    if (wait) {
      ASSERT_GE(*wait, 1ms);
      ASSERT_NE(tested.wait(now + *wait - 1ms, limit), std::nullopt) << "seed " << seed << " step " << step;
      ASSERT_EQ(tested.wait(now + *wait, limit), std::nullopt) << "seed " << seed << " step " << step;
      if (below(2) == 0) now += *wait;
    } else if (below(8) == 0) {
      tested.give_back(limit);
      model.give_back();
    }
    if (below(3) == 0) now += milliseconds{below(2 * limit.window.count() / limit.count + 2)};
    if (below(100) == 0) now += limit.window;
  }
}

TEST(Bucket, IsATokenBucket) {
  for (unsigned seed = 1; seed <= 500; ++seed)
    walk(seed);
}

}  // namespace
}  // namespace otpd::otp
