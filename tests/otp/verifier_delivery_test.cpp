// What is said and charged for a message, whatever becomes of it.

#include <gtest/gtest.h>

#include <string>

#include "otp/verifier_world.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::email;
using test::phone;
using test::world;

// A world whose sends are all that is scarce.
struct tight_world : world {
  tight_world() {
    profiles[0].sends = {2, 10min};
    profiles[0].resend_after = 0s;
    profiles[0].max_sends = 10;
    limits.recipient_per_day = {3, 24h};
  }
};

TEST(Delivery, IsInTheAnswerAndStaysReadable) {
  for (const delivery state : {delivery::sent, delivery::unknown}) {
    world at;
    at.sender.report = {state, state == delivery::sent ? failure::none : failure::unknown};
    const auto made = at.issued();
    EXPECT_EQ(made.delivery, state);
    EXPECT_EQ(at.find(made.id)->delivery, state);
    EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "right");
  }
}

TEST(Delivery, IsNoneWhereNothingIsSent) {
  world at;
  at.sender.silent = true;
  const auto made = at.issued();
  EXPECT_EQ(made.delivery, delivery::none);
  EXPECT_TRUE(at.sender.sent.empty());
  EXPECT_EQ(at.store.calls(), 1U);
}

TEST(Delivery, IsSendingWhileTheProviderThinks) {
  world at;
  at.sender.slow = 50;
  std::optional<outcome<verification_view>> made;
  at.start_task(at.tested.issue({phone, std::nullopt, "default", "verify", {}, {}, {}}),
                [&made](outcome<verification_view> out) { made.emplace(std::move(out)); });
  while (at.sender.sent.empty())
    at.loop.run_one();
  const std::string code = at.last().code;
  std::optional<outcome<check_view>> checked;
  at.start_task(at.tested.check_recipient(phone, code, "default", "verify", {}),
                [&checked](outcome<check_view> out) { checked.emplace(std::move(out)); });
  while (!checked)
    at.loop.run_one();
  EXPECT_FALSE(made);
  ASSERT_EQ(world::word(*checked), "right");
  EXPECT_EQ((*checked)->verification.delivery, delivery::sending);
  at.finish();
  ASSERT_TRUE(made && made->has_value());
  EXPECT_EQ((*made)->delivery, delivery::sent);
  EXPECT_EQ((*made)->status, status::approved);
}

TEST(Delivery, ThatFailedNamesTheVerificationThatMayBeSentAgain) {
  world at;
  at.sender.report = {delivery::failed, failure::rejected};
  const auto failed = at.issue(phone);
  ASSERT_EQ(world::word(failed), "delivery_failed");
  const auto seen = at.find(failed.error().id);
  ASSERT_EQ(world::word(seen), "pending");
  EXPECT_EQ(seen->delivery, delivery::failed);
  EXPECT_EQ(seen->sends, 1U);
  at.pass(30s);
  at.sender.report = {delivery::sent};
  const auto again = at.resend(failed.error().id);
  ASSERT_EQ(world::word(again), "pending");
  EXPECT_EQ(again->delivery, delivery::sent);
  EXPECT_EQ(world::word(at.check(again->id, at.last().code)), "right");
}

TEST(Delivery, ThatNeverLeftGivesItsSendBack) {
  tight_world at;
  at.sender.report = {delivery::failed, failure::unavailable};
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(world::word(at.issue(phone)), "delivery_failed") << i;
  at.sender.report = {delivery::sent};
  EXPECT_EQ(world::word(at.issue(phone)), "pending");
  EXPECT_EQ(world::word(at.issue(phone)), "pending");
  EXPECT_EQ(world::word(at.issue(phone)), "rate_limited");
}

TEST(Delivery, OfAnyOtherOutcomeKeepsItsSend) {
  for (int why = 0; why <= static_cast<int>(failure::unknown); ++why) {
    for (const delivery state : {delivery::sent, delivery::failed, delivery::unknown}) {
      if (state == delivery::failed && static_cast<failure>(why) == failure::unavailable) continue;
      tight_world at;
      at.sender.report = {state, static_cast<failure>(why)};
      const std::string expected = state == delivery::failed ? "delivery_failed" : "pending";
      EXPECT_EQ(world::word(at.issue(phone)), expected);
      EXPECT_EQ(world::word(at.issue(phone)), expected);
      EXPECT_EQ(world::word(at.issue(phone)), "rate_limited") << why << ' ' << to_string(state);
    }
  }
}

TEST(Delivery, ThatIsOvertakenByAnotherSendChangesNothing) {
  tight_world at;
  at.sender.slow = 20;
  at.sender.report = {delivery::failed, failure::unavailable};
  std::optional<outcome<verification_view>> first;
  at.start_task(at.tested.issue({phone, std::nullopt, "default", "verify", {}, {}, {}}),
                [&first](outcome<verification_view> out) { first.emplace(std::move(out)); });
  while (at.sender.sent.empty())
    at.loop.run_one();
  at.sender.report = {delivery::sent};
  at.sender.slow = 40;
  at.pass(60s);  // by then nobody shares the first one any more
  const auto second = at.issue(phone);
  ASSERT_EQ(world::word(second), "pending");
  EXPECT_EQ(second->delivery, delivery::sent);
  EXPECT_EQ(second->sends, 2U);
  ASSERT_TRUE(first);
  EXPECT_EQ(world::word(*first), "delivery_failed");
  EXPECT_EQ(at.find(second->id)->delivery, delivery::sent);
  EXPECT_EQ(world::word(at.issue(phone)), "rate_limited");
}

TEST(Delivery, ThatIsUnknownDoesNotCountAmongTheSends) {
  world at;
  at.profiles[0].max_sends = 2;
  at.profiles[0].resend_after = 0s;
  const auto made = at.issued();
  at.sender.report = {delivery::unknown, failure::unknown};
  ASSERT_EQ(world::word(at.resend(made.id)), "pending");
  at.sender.report = {delivery::sent};
  EXPECT_TRUE(at.find(made.id)->next_send);
  ASSERT_EQ(world::word(at.resend(made.id)), "pending");
  EXPECT_FALSE(at.find(made.id)->next_send);
  EXPECT_EQ(world::word(at.resend(made.id)), "rate_limited");
}

TEST(Delivery, UsesTheLocaleThatWasAskedFor) {
  world at;
  at.profiles[0].locale = "de";
  at.profiles[0].resend_after = 0s;
  at.run(at.tested.issue({phone, channel::sms, "default", "verify", "pt-BR", {}, {}}));
  EXPECT_EQ(at.last().locale, "pt-BR");
  at.run(at.tested.issue({email, channel::email, "default", "verify", {}, {}, {}}));
  EXPECT_EQ(at.last().locale, "de");
  EXPECT_EQ(at.last().channel, channel::email);
}

TEST(Delivery, ReachesTheAddressAsTypedAlsoWhenResent) {
  world at;
  at.profiles[0].resend_after = 0s;
  const auto made = at.issued("First.Last+tag@EXAMPLE.com");
  EXPECT_EQ(at.last().to, "First.Last+tag@example.com");
  EXPECT_EQ(made.masked_to, "F***@example.com");
  EXPECT_EQ(world::word(at.resend(made.id)), "pending");
  EXPECT_EQ(at.last().to, "First.Last+tag@example.com");
}

// RELIABILITY A28: 1,000 requests from 1,000 addresses over ten profiles.
TEST(Delivery, NeverFloodsAVictim) {
  world at;
  at.profiles.resize(10);
  for (std::size_t i = 0; i < 10; ++i)
    at.profiles[i].name = "tenant-" + std::to_string(i);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    at.by.client = {i, false};
    static_cast<void>(at.issue(phone, at.profiles[i % 10].name));
    at.pass(4s);
  }
  EXPECT_LE(at.sender.sent.size(), 10U);
}

}  // namespace
}  // namespace otpd::otp
