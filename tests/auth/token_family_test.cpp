// The rule of refresh tokens against a small model, by seeded random walks (RELIABILITY F1, F4, S9).

#include "auth/token_family.hpp"

#include <gtest/gtest.h>

#include <random>

namespace otpd::auth {
namespace {

using otp::instant;
using otp::milliseconds;
using std::chrono::seconds;

const token_policy policy{.name = "t",
                          .refresh_lifetime = seconds(100),
                          .family_lifetime = seconds(1000),
                          .grace = seconds(10),
                          .secret = {}};
constexpr instant start{milliseconds{1'000'000}};

token_family fresh() {
  return {{}, "t", 1, start, start, 1000, start + policy.family_lifetime, 7};
}
otp::moment at(milliseconds since) {
  return {start + since, 7, {}};
}

TEST(TokenFamily, TheNewestMovesOn) {
  token_family one = fresh();
  EXPECT_EQ(rotate(one, 1, policy, at(seconds(50))), rotation::next);
  EXPECT_EQ(one.generation, 2U);
  EXPECT_EQ(one.rotated, start + seconds(50));
  EXPECT_EQ(expires_at(one, policy), start + seconds(150));
}

TEST(TokenFamily, TheOneBeforeIsGoodWithinTheGrace) {
  token_family one = fresh();
  ASSERT_EQ(rotate(one, 1, policy, at(seconds(1))), rotation::next);
  const token_family moved = one;
  EXPECT_EQ(rotate(one, 1, policy, at(seconds(1) + seconds(10) - milliseconds(1))), rotation::again);
  EXPECT_EQ(one, moved) << "the same successor";
  EXPECT_EQ(rotate(one, 1, policy, at(seconds(11))), rotation::kill);
}

TEST(TokenFamily, AnAncestorKillsGraceOrNot) {
  token_family one = fresh();
  ASSERT_EQ(rotate(one, 1, policy, at(milliseconds(1))), rotation::next);
  ASSERT_EQ(rotate(one, 2, policy, at(milliseconds(2))), rotation::next);
  EXPECT_EQ(rotate(one, 1, policy, at(milliseconds(3))), rotation::kill);
  EXPECT_EQ(rotate(one, 9, policy, at(milliseconds(3))), rotation::kill) << "never handed out";
}

TEST(TokenFamily, EndsUnusedAndAtItsEnd) {
  token_family one = fresh();
  EXPECT_EQ(rotate(one, 1, policy, at(seconds(100))), rotation::kill);
  for (int i = 1; i <= 10; ++i)
    ASSERT_EQ(rotate(one, static_cast<std::uint32_t>(i), policy, at(seconds(99 * i))), rotation::next) << i;
  EXPECT_EQ(rotate(one, 11, policy, at(seconds(1000))), rotation::kill);
}

TEST(TokenFamily, DoesNotOutliveARollback) {
  token_family one = fresh();
  EXPECT_EQ(rotate(one, 1, policy, {start, 8, {}}), rotation::kill);
}

TEST(TokenFamily, IsReadAsItWasWritten) {
  token_family one = fresh();
  one.account.fill(0xab);
  one.generation = 0x01020304;
  one.issued_s = 1'700'000'000;
  const std::string bytes = encode(one);
  EXPECT_EQ(decode_family(bytes), one);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode_family(bytes.substr(0, size))) << size;
  EXPECT_FALSE(decode_family(bytes + "x"));
  EXPECT_FALSE(decode_family("\x02" + bytes.substr(1)));
}

// What a client may see: a token is used at some time, by its own number.
struct model {
  bool alive = true;
  std::uint32_t newest = 1;
  milliseconds rotated{0};

  rotation use(std::uint32_t token, milliseconds now) {
    const bool expired = now >= rotated + policy.refresh_lifetime || now >= policy.family_lifetime;
    if (!alive || expired) return rotation::kill;
    if (token == newest) {
      ++newest;
      rotated = now;
      return rotation::next;
    }
    if (token + 1 == newest && now - rotated < policy.grace) return rotation::again;
    alive = false;
    return rotation::kill;
  }
};

TEST(TokenFamily, DoesWhatItsModelDoes) {
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    std::mt19937 random(seed);
    model expected;
    std::optional<token_family> real = fresh();
    milliseconds now{0};
    for (int step = 0; step < 60; ++step) {
      const milliseconds longest = random() % 8 == 0 ? milliseconds(150'000) : milliseconds(12'000);
      now += milliseconds(random() % static_cast<unsigned>(longest.count()));
      const std::uint32_t back = random() % 4 == 0 ? random() % 4 : random() % 2;
      const std::uint32_t token = expected.newest > back ? expected.newest - back : 1;
      const rotation wanted = expected.use(token, now);
      // A crash before the write runs the rule once more on the same row.
      rotation got = rotation::kill;
      if (real) {
        token_family dropped = *real;
        static_cast<void>(rotate(dropped, token, policy, at(now)));
        got = rotate(*real, token, policy, at(now));
      }
      ASSERT_EQ(got, wanted) << "seed " << seed << " step " << step;
      if (got == rotation::kill) {
        real.reset();  // its row is erased
        expected.alive = false;
      }
    }
  }
}

}  // namespace
}  // namespace otpd::auth
