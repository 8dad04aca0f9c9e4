// Receipts, conversions and test recipients.

#include <gtest/gtest.h>

#include <string>

#include "otp/verifier_world.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::phone;
using test::world;

struct reported_world : world {
  reported_world() { sender.report.provider = acme; }
  void report(const std::string& reference, std::uint32_t provider, delivery state) {
    EXPECT_TRUE(run(tested.receive(reference, provider, state)).has_value());
  }
  std::uint32_t acme = provider_tag("acme");
};

TEST(Receipt, MovesSentToDeliveredOrFailed) {
  for (const delivery state : {delivery::delivered, delivery::failed}) {
    reported_world at;
    const auto made = at.issued();
    at.report(at.last().reference, at.acme, state);
    EXPECT_EQ(at.find(made.id)->delivery, state);
  }
}

TEST(Receipt, ThatIsForgedReplayedOrLateChangesNothing) {
  reported_world at;
  const auto made = at.issued();
  const std::string reference = at.last().reference;
  at.report("", at.acme, delivery::delivered);
  at.report(std::string(36, 'A'), at.acme, delivery::delivered);
  at.report(made.id, at.acme, delivery::delivered);
  at.report(reference, provider_tag("other"), delivery::delivered);
  for (std::size_t i = 0; i < reference.size(); ++i) {
    std::string altered = reference;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    at.report(altered, at.acme, delivery::delivered);
  }
  for (const delivery state :
       {delivery::none, delivery::sending, delivery::sent, delivery::unknown, delivery::queued})
    at.report(reference, at.acme, state);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::sent);
  at.report(reference, at.acme, delivery::delivered);
  at.report(reference, at.acme, delivery::failed);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::delivered);
  at.pass(30s);
  ASSERT_EQ(world::word(at.resend(made.id)), "pending");
  at.report(reference, at.acme, delivery::failed);
  EXPECT_EQ(at.find(made.id)->delivery, delivery::sent);
}

TEST(Receipt, OfASendWhoseOutcomeIsNotStoredYetShallComeAgain) {
  reported_world at;
  at.sender.slow = 50;
  std::optional<outcome<verification_view>> made;
  at.start_task(at.tested.issue({phone, std::nullopt, "default", "verify", {}, {}, {}}),
                [&made](outcome<verification_view> out) { made.emplace(std::move(out)); });
  while (at.sender.sent.empty())
    at.loop.run_one();
  std::optional<outcome<void>> received;
  at.start_task(at.tested.receive(at.last().reference, at.acme, delivery::delivered),
                [&received](outcome<void> out) { received.emplace(std::move(out)); });
  while (!received)
    at.loop.run_one();
  EXPECT_FALSE(made);
  ASSERT_TRUE(received->has_error());
  EXPECT_EQ(received->error().code, errc::store_unavailable);
  at.finish();
  at.report(at.last().reference, at.acme, delivery::delivered);
  EXPECT_EQ(at.find((*made)->id)->delivery, delivery::delivered);
}

TEST(Resend, TriesAnotherProviderFirst) {
  reported_world at;
  const auto made = at.issued();
  EXPECT_EQ(at.last().avoid, 0U);
  at.pass(30s);
  ASSERT_EQ(world::word(at.resend(made.id)), "pending");
  EXPECT_EQ(at.last().avoid, at.acme);
}

TEST(Conversion, IsCountedForTheProviderAndTheCountryOnce) {
  reported_world at;
  const auto made = at.issued();
  EXPECT_EQ(world::word(at.check(made.id, at.wrong())), "wrong");
  EXPECT_TRUE(at.sender.approved.empty());
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "right");
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "approved");
  ASSERT_EQ(at.sender.approved.size(), 1U);
  EXPECT_EQ(at.sender.approved[0], (std::pair<std::uint32_t, std::string>(at.acme, "US")));
}

TEST(TestRecipient, IsSentNothingAndKnowsItsCode) {
  world at;
  at.test_recipients[0] = {phone, "246810", at.clock.at.now + 24h};
  const auto made = at.issued();
  EXPECT_TRUE(made.is_test);
  EXPECT_EQ(made.delivery, delivery::none);
  EXPECT_TRUE(at.sender.sent.empty());
  EXPECT_EQ(world::word(at.check(made.id, "111111")), "wrong");
  EXPECT_EQ(world::word(at.check(made.id, "246810")), "right");
  EXPECT_EQ(world::word(at.check(made.id, "246810")), "approved");
}

TEST(TestRecipient, IsStillLimited) {
  world at;
  at.test_recipients[0] = {phone, "246810", at.clock.at.now + 24h};
  const auto made = at.issued();
  EXPECT_EQ(world::word(at.issue(phone)), "rate_limited");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(world::word(at.check(made.id, "111111")), "wrong");
  EXPECT_EQ(world::word(at.check(made.id, "246810")), "max_attempts_reached");
}

TEST(TestRecipient, WhoseRuleHasEndedIsOneLikeAnyOther) {
  world at;
  at.test_recipients[0] = {phone, "246810", at.clock.at.now + 60s};
  const auto made = at.issued();
  at.pass(60s);
  EXPECT_EQ(world::word(at.check(made.id, "246810")), "wrong");
  EXPECT_EQ(world::word(at.cancel(made.id)), "canceled");
  EXPECT_EQ(world::word(at.issue(phone)), "pending");
  EXPECT_EQ(at.sender.sent.size(), 1U);
}

}  // namespace
}  // namespace otpd::otp
