// The use cases from end to end.

#include "otp/verifier.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "otp/verifier_world.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::email;
using test::phone;
using test::start;
using test::world;

TEST(Verifier, SendsACodeAndTellsAllButTheCode) {
  world at;
  const verification_view made = at.issued(phone, "default", "login");
  EXPECT_EQ(made.id.size(), 32U);
  EXPECT_EQ(made.status, status::pending);
  EXPECT_EQ(made.masked_to, "+1********71");
  EXPECT_EQ(made.channel, channel::sms);
  EXPECT_EQ(made.profile, "default");
  EXPECT_EQ(made.purpose, "login");
  EXPECT_EQ(made.created, start);
  EXPECT_EQ(made.expires, start + 300s);
  EXPECT_EQ(made.attempts_left, 5U);
  EXPECT_EQ(made.sends, 1U);
  EXPECT_EQ(made.next_send, start + 30s);
  EXPECT_EQ(made.delivery, delivery::sent);
  ASSERT_EQ(at.sender.sent.size(), 1U);
  EXPECT_EQ(at.last().to, phone);
  EXPECT_EQ(at.last().channel, channel::sms);
  EXPECT_EQ(at.last().profile, "default");
  EXPECT_EQ(at.last().purpose, "login");
  EXPECT_EQ(at.last().locale, "en");
  EXPECT_TRUE(is_code(at.last().code, "0123456789", 6));
  EXPECT_EQ(at.last().lifetime, 300s);
}

TEST(Verifier, ApprovesTheCodeOnce) {
  world at;
  const auto made = at.issued();
  const auto checked = at.check(made.id, at.last().code);
  ASSERT_EQ(world::word(checked), "right");
  EXPECT_EQ(checked->verification.status, status::approved);
  EXPECT_EQ(checked->verification.id, made.id);
  EXPECT_EQ(checked->verification.masked_to, made.masked_to);
  EXPECT_EQ(checked->verification.next_send, std::nullopt);
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "approved");
  EXPECT_EQ(world::word(at.find(made.id)), "approved");
}

TEST(Verifier, ChargesWrongCodesUntilTheAttemptsAreUsedUp) {
  world at;
  const auto made = at.issued();
  for (unsigned left = 4; left > 0; --left) {
    const auto checked = at.check(made.id, at.wrong());
    ASSERT_EQ(world::word(checked), "wrong");
    EXPECT_EQ(checked->verification.attempts_left, left);
    EXPECT_EQ(checked->verification.status, status::pending);
  }
  const auto last = at.check(made.id, at.wrong());
  ASSERT_EQ(world::word(last), "wrong");
  EXPECT_EQ(last->verification.attempts_left, 0U);
  EXPECT_EQ(last->verification.status, status::max_attempts_reached);
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "max_attempts_reached");
}

TEST(Verifier, ApprovesTheRightCodeWithTheLastAttempt) {
  world at;
  const auto made = at.issued();
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(world::word(at.check(made.id, at.wrong())), "wrong");
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "right");
}

TEST(Verifier, RepeatsTheCodeOfAPendingVerification) {
  world at;
  const auto made = at.issued();
  const std::string code = at.last().code;
  at.pass(30s);
  const auto again = at.issued();
  EXPECT_EQ(again.id, made.id);
  EXPECT_EQ(again.sends, 2U);
  EXPECT_EQ(again.expires, made.expires);
  EXPECT_EQ(at.last().code, code);
  EXPECT_EQ(at.last().lifetime, 270s);
  at.pass(60s);
  const auto third = at.resend(made.id);
  EXPECT_EQ(world::word(third), "pending");
  EXPECT_EQ(at.last().code, code);
  EXPECT_EQ(at.last().to, phone);
  EXPECT_EQ(at.sender.sent.size(), 3U);
  EXPECT_EQ(world::word(at.check(made.id, code)), "right");
}

TEST(Verifier, VoidsTheOldCodeWhenItRotates) {
  world at;
  at.profiles[0].resend = resend_policy::rotate;
  at.profiles[0].resend_after = 0s;
  const auto made = at.issued();
  const std::string first = at.last().code;
  EXPECT_EQ(world::word(at.resend(made.id)), "pending");
  const std::string second = at.last().code;
  EXPECT_NE(first, second);
  EXPECT_EQ(at.issued().id, made.id);
  const std::string third = at.last().code;
  EXPECT_EQ(world::word(at.check(made.id, first)), "wrong");
  EXPECT_EQ(world::word(at.check(made.id, second)), "wrong");
  const auto checked = at.check(made.id, third);
  ASSERT_EQ(world::word(checked), "right");
  EXPECT_EQ(checked->verification.attempts_left, 3U);
}

TEST(Verifier, ChecksByRecipientInAnySpelling) {
  world at;
  at.profiles[0].default_region = "US";
  at.issued("(415) 555-2671");
  EXPECT_EQ(at.last().to, phone);
  EXPECT_EQ(world::word(at.check_recipient(phone, at.wrong())), "wrong");
  EXPECT_EQ(world::word(at.check_recipient("415 555 2671", at.last().code)), "right");
  EXPECT_EQ(world::word(at.check_recipient(phone, at.last().code)), "approved");
}

TEST(Verifier, KeepsPurposesApart) {
  world at;
  at.issued(phone, "default", "login");
  const std::string login = at.last().code;
  at.issued(phone, "default", "payment");
  ASSERT_NE(at.last().code, login);
  EXPECT_EQ(world::word(at.check_recipient(phone, login, "default", "payment")), "wrong");
  EXPECT_EQ(world::word(at.check_recipient(phone, login, "default", "login")), "right");
  EXPECT_EQ(world::word(at.check_recipient(phone, login, "default", "other")), "not_found");
}

// RELIABILITY V2, A11, A27: the code of one caller is worth nothing on the id of another, and costs that
// other only.
TEST(Verifier, KeepsIndependentCallersApart) {
  world at;
  const auto victim = at.issued(phone, "own");
  const std::string code = at.last().code;
  const auto attacker = at.issued(phone, "own");
  ASSERT_NE(at.last().code, code);
  ASSERT_NE(attacker.id, victim.id);
  const auto crossed = at.check(attacker.id, code);
  ASSERT_EQ(world::word(crossed), "wrong");
  EXPECT_EQ(crossed->verification.attempts_left, 4U);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(world::word(at.check(attacker.id, at.wrong())), "wrong");
  EXPECT_EQ(world::word(at.check(attacker.id, at.wrong())), "max_attempts_reached");
  EXPECT_EQ(at.find(victim.id)->attempts_left, 5U);
  EXPECT_EQ(world::word(at.check(victim.id, code)), "right");
}

TEST(Verifier, SharesTheBudgetsOfAMailboxButNotItsCodes) {
  world at;
  const auto shop = at.issued("Jo+shop@Example.com");
  const std::string shop_code = at.last().code;
  EXPECT_EQ(at.last().to, "Jo+shop@example.com");
  const auto news = at.issue("jo+news@example.com");
  ASSERT_TRUE(news.has_error());  // the gap is the mailbox's
  EXPECT_EQ(news.error().limit, "recipient");
  at.pass(30s);
  const auto later = at.issued("jo+news@example.com");
  EXPECT_NE(later.id, shop.id);
  ASSERT_NE(at.last().code, shop_code);
  EXPECT_EQ(world::word(at.check_recipient("jo+news@example.com", shop_code)), "wrong");
  EXPECT_EQ(world::word(at.check_recipient(email, shop_code)), "not_found");
  EXPECT_EQ(world::word(at.check_recipient("Jo+shop@example.com", shop_code)), "right");
  // And wrong answers count for the mailbox: one above, nine here.
  int judged = 1;
  for (const char* tag : {"a", "b", "c", "d"}) {
    at.pass(60s);
    const auto made = at.issue("jo+" + std::string(tag) + "@example.com");
    if (made.has_error()) break;
    for (int i = 0; i < 4; ++i)
      judged += world::word(at.check(made->id, at.wrong())) == "wrong" ? 1 : 0;
  }
  EXPECT_EQ(judged, 10);
  EXPECT_EQ(at.store.records(), 1U);
}

// RELIABILITY A5: there is one spelling of a code.
TEST(Verifier, JudgesNoOtherSpellingOfACode) {
  world at;
  const auto made = at.issued();
  const std::string code = at.last().code;
  using namespace std::string_literals;
  const auto spellings = {" " + code,     code + " ", code + "\n", code + "\0"s,    "\0"s + code,
                          code.substr(1), "0" + code, "+" + code,  "１２３４５６"s, ""s};
  for (const std::string& each : spellings)
    EXPECT_EQ(world::word(at.check(made.id, each)), "invalid_code") << each;
  EXPECT_EQ(at.find(made.id)->attempts_left, 5U);
  EXPECT_EQ(world::word(at.check(made.id, code)), "right");
  for (const std::string& each : spellings)
    EXPECT_EQ(world::word(at.check(made.id, each)), "invalid_code") << each;
}

TEST(Verifier, CancelsAndStaysCanceled) {
  world at;
  const auto made = at.issued();
  EXPECT_EQ(world::word(at.cancel(made.id)), "canceled");
  EXPECT_EQ(world::word(at.cancel(made.id)), "canceled");
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "canceled");
  EXPECT_EQ(world::word(at.resend(made.id)), "canceled");
  at.pass(30s);
  const auto next = at.issued();
  EXPECT_NE(next.id, made.id);
  EXPECT_EQ(world::word(at.check(next.id, at.last().code)), "right");
}

// docs/api.md: readable for ten minutes after its expiry, then not found, whatever is asked.
TEST(Verifier, ForgetsAVerificationTenMinutesAfterItsExpiry) {
  world at;
  const auto made = at.issued();
  const std::string code = at.last().code;
  at.pass(300s);
  EXPECT_EQ(world::word(at.find(made.id)), "expired");
  EXPECT_EQ(world::word(at.check(made.id, code)), "expired");
  EXPECT_EQ(world::word(at.check_recipient(phone, code)), "expired");
  at.pass(10min - 1ms);
  EXPECT_EQ(world::word(at.find(made.id)), "expired");
  EXPECT_EQ(world::word(at.check(made.id, code)), "expired");
  at.pass(1ms);
  EXPECT_EQ(world::word(at.find(made.id)), "not_found");
  EXPECT_EQ(world::word(at.check(made.id, code)), "not_found");
  EXPECT_EQ(world::word(at.check_recipient(phone, code)), "not_found");
  EXPECT_EQ(world::word(at.resend(made.id)), "not_found");
  EXPECT_EQ(world::word(at.cancel(made.id)), "not_found");
}

TEST(Verifier, CancelsWhatIsPendingInAnotherEpoch) {
  world at;
  const auto made = at.issued();
  at.clock.at.epoch += 1;
  EXPECT_EQ(world::word(at.find(made.id)), "canceled");
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "canceled");
  at.pass(30s);
  const auto next = at.issued();
  EXPECT_NE(next.id, made.id);
  EXPECT_EQ(world::word(at.check(next.id, at.last().code)), "right");
}

TEST(Verifier, GoesOnAfterARestart) {
  world at;
  const auto made = at.issued();
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(world::word(at.check(made.id, at.wrong())), "wrong");
  const crypto::key_ring same(test::master_key(1));
  verifier restarted({at.store, at.clock, at.limiter, at.profiles, at.limits}, same, at.random, at.sender);
  const auto seen = at.run(restarted.find(made.id));
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->attempts_left, 1U);
  EXPECT_EQ(world::word(at.run(restarted.check(made.id, at.last().code, {}))), "right");
}

TEST(Verifier, FindsNothingUnderAnotherMasterKey) {
  world at;
  const auto made = at.issued();
  const crypto::key_ring other(test::master_key(2));
  verifier stranger({at.store, at.clock, at.limiter, at.profiles, at.limits}, other, at.random, at.sender);
  EXPECT_EQ(world::word(at.run(stranger.find(made.id))), "not_found");
  EXPECT_EQ(world::word(at.run(stranger.check(made.id, at.last().code, {}))), "not_found");
  EXPECT_EQ(world::word(at.run(stranger.check_recipient(phone, at.last().code, "default", "verify", {}))),
            "not_found");
}

TEST(Verifier, KeepsNeitherCodesNorAddressesInTheStore) {
  world at;
  for (int i = 0; i < 8; ++i)
    at.issued("someone" + std::to_string(i) + "@example.com", "own");
  at.issued();
  const std::string disk = at.store.contents();
  EXPECT_EQ(disk.find("someone"), std::string::npos);
  EXPECT_EQ(disk.find("example"), std::string::npos);
  EXPECT_EQ(disk.find("4155552671"), std::string::npos);
  for (const auto& each : at.sender.sent)
    EXPECT_EQ(disk.find(each.code), std::string::npos);
}

}  // namespace
}  // namespace otpd::otp
