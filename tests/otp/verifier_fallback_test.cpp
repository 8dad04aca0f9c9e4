// An e-mail address that stands in for a phone.

#include <gtest/gtest.h>

#include <string>

#include "otp/verifier_world.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::email;
using test::phone;
using test::world;

struct two_ways : world {
  two_ways() {
    sender.no_text_messages = true;
    sender.report.provider = provider_tag("mail");
  }
  outcome<verification_view> ask(std::string_view to = phone, std::string_view fallback = email) {
    return run(tested.issue({to, std::nullopt, "default", "verify", {}, {}, by, fallback}));
  }
};

TEST(Fallback, GetsTheSameCodeWhenNoTextMessageCanBeSent) {
  two_ways at;
  const auto made = at.ask();
  ASSERT_EQ(world::word(made), "pending");
  ASSERT_EQ(at.sender.sent.size(), 2U);
  EXPECT_EQ(at.sender.sent[0].to, phone);
  EXPECT_EQ(at.sender.sent[1].to, email);
  EXPECT_EQ(at.sender.sent[0].code, at.sender.sent[1].code);
  EXPECT_EQ(made->channel, channel::email);
  EXPECT_EQ(made->delivery, delivery::sent);
  EXPECT_EQ(made->masked_to, at.find(made->id)->masked_to);
  EXPECT_EQ(made->masked_to.front(), '+') << "the verification stays the phone's";
  EXPECT_EQ(world::word(at.check_recipient(phone, at.last().code)), "right");
  EXPECT_EQ(at.sender.approved.size(), 1U);
}

TEST(Fallback, IsNotUsedWhenATextMessageWentOrMayHaveGone) {
  for (const delivery state : {delivery::sent, delivery::unknown}) {
    two_ways at;
    at.sender.no_text_messages = false;
    at.sender.report.state = state;
    const auto made = at.ask();
    EXPECT_EQ(made->channel, channel::sms);
    EXPECT_EQ(at.sender.sent.size(), 1U);
  }
}

TEST(Fallback, OfItsCodeNothingIsLeftWhenAnotherSendGoesTheFirstWay) {
  two_ways at;
  const auto made = at.ask();
  ASSERT_EQ(at.find(made->id)->channel, channel::email);
  at.sender.no_text_messages = false;
  at.pass(30s);
  const std::string mailed = at.last().code;
  EXPECT_EQ(at.resend(made->id)->channel, channel::sms);
  EXPECT_EQ(at.find(made->id)->channel, channel::sms);
  EXPECT_NE(at.last().code, mailed);
  EXPECT_EQ(world::word(at.check(made->id, mailed)), "wrong") << "an approval would prove the mailbox";
  EXPECT_EQ(world::word(at.check(made->id, at.last().code)), "right");
}

// Whatever happens after the mail has left, an approval says that it proves the mailbox.
TEST(Fallback, IsDurableBeforeTheMailLeaves) {
  for (std::size_t call = 1; call <= 4; ++call) {
    two_ways at;
    at.store.fail(call, test::fault::lost, false);
    const auto made = at.ask();
    const bool mailed = !at.sender.sent.empty() && at.sender.sent.back().channel == channel::email;
    EXPECT_EQ(mailed, call == 4) << call;
    if (!mailed) continue;
    const auto checked = at.check_recipient(phone, at.last().code);
    ASSERT_EQ(world::word(checked), "right");
    EXPECT_EQ(checked->verification.channel, channel::email);
  }
}

TEST(Fallback, ThatFailsIsNotTriedAgainAndCostsNothingIfNothingLeft) {
  two_ways at;
  at.limits.recipient_per_day = {3, 24h};
  at.sender.report = {delivery::failed, failure::unavailable};
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(world::word(at.ask("+1415555267" + std::to_string(i))), "delivery_failed");
  EXPECT_EQ(at.sender.sent.size(), 20U);
  at.sender.report = {delivery::sent};
  EXPECT_EQ(world::word(at.issue(email)), "pending") << "the mailbox has its day";
}

TEST(Fallback, IsAnAddressThatTheProfileSendsTo) {
  two_ways at;
  EXPECT_EQ(world::word(at.ask(phone, "nobody")), "invalid_recipient");
  EXPECT_EQ(world::word(at.ask(phone, "+14155552672")), "invalid_recipient");
  EXPECT_EQ(world::word(at.ask(email, "other@example.com")), "channel_not_allowed");
  at.profiles[0].channels = {channel::sms};
  EXPECT_EQ(world::word(at.ask()), "channel_not_allowed");
  EXPECT_TRUE(at.sender.sent.empty());
}

// Numbers that cannot be reached must not make a way to flood a mailbox.
TEST(Fallback, CountsForTheMailboxsDay) {
  two_ways at;
  at.limits.recipient_per_day = {3, 24h};
  int mails = 0;
  for (int i = 0; i < 10; ++i) {
    const auto made = at.ask("+1415555267" + std::to_string(i));
    mails += made.has_value() ? 1 : 0;
  }
  EXPECT_EQ(mails, 3);
  EXPECT_EQ(world::word(at.issue(email)), "rate_limited");
}

TEST(Fallback, IsTriedWhereNoProviderOfTheFirstChannelMayBe) {
  two_ways at;
  at.sender.blocked_sms = 5000ms;
  EXPECT_EQ(world::word(at.ask(phone, {})), "provider_unavailable");
  EXPECT_EQ(world::word(at.ask()), "pending");
}

TEST(Fallback, WaitsInTheOutboxWithItsMessage) {
  two_ways at;
  const auto made =
      at.run(at.queueing.issue({phone, std::nullopt, "default", "verify", {}, {}, at.by, email}));
  ASSERT_EQ(world::word(made), "pending");
  const auto rows = at.store.values(table::outbox);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(at.store.contents().find(email), std::string::npos) << "an address in clear";
  const auto restored = at.run(at.queueing.restore(rows[0]));
  ASSERT_TRUE(restored.has_value() && *restored && (*restored)->fallback);
  at.run(at.queueing.send_queued(**restored));
  EXPECT_EQ(at.last().to, email);
  EXPECT_EQ(at.find(made->id)->channel, channel::email);
}

}  // namespace
}  // namespace otpd::otp
