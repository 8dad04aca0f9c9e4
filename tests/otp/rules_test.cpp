// Who may be sent a code, how often, and what stays of it.

#include "otp/rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "otp/rules_desk.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::desk;
using test::start;
using test::word;

// The refusal's limit and wait.
void expect_limited(const outcome<place>& out, std::string_view limit, milliseconds wait) {
  ASSERT_TRUE(out.has_error());
  EXPECT_EQ(out.error().code, errc::rate_limited);
  EXPECT_EQ(out.error().limit, limit);
  EXPECT_EQ(out.error().retry_after, wait);
}

TEST(Issue, MakesAVerification) {
  desk at;
  at.policy.attempts = 3;
  at.policy.max_sends = 4;
  const auto made = at.issue("login", 99);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->subject->profile, "default");
  EXPECT_EQ(made->subject->purpose, "login");
  const verification& one = *made->verification;
  EXPECT_EQ(one.nonce, 1U);
  EXPECT_EQ(one.tag, 99U);
  EXPECT_EQ(one.epoch, 7U);
  EXPECT_EQ(one.state, status::pending);
  EXPECT_EQ(one.delivery, delivery::sending);
  EXPECT_EQ(one.attempts_allowed, 3);
  EXPECT_EQ(one.sends, 1);
  EXPECT_EQ(one.sends_allowed, 4);
  EXPECT_EQ(one.created, start);
  EXPECT_EQ(one.expires, start + 300s);
  EXPECT_EQ(one.sealed_address, "sealed");
}

TEST(Issue, SendsThePendingOneAgainWhenShared) {
  desk at;
  const auto id = at.issued();
  const auto again = at.issue();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->verification->nonce, id);
  EXPECT_EQ(again->verification->sends, 2);
  EXPECT_EQ(again->subject->verifications.size(), 1U);
}

TEST(Issue, NeverProlongsAPendingOne) {
  desk at;
  const auto id = at.issued();
  at.pass(200s);
  EXPECT_EQ(at.issued(), id);
  EXPECT_EQ(at.one(id).expires, start + 300s);
}

TEST(Issue, IsAnotherForAnotherProfilePurposeOrAddress) {
  desk at;
  std::vector<std::uint64_t> ids{at.issued("verify"), at.issued("login"), at.issued("verify", 5)};
  at.policy.name = "other";
  ids.push_back(at.issued("verify"));
  std::ranges::sort(ids);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
}

TEST(Issue, IsAnotherForEachCallerWhenIndependent) {
  desk at;
  at.policy.sharing = sharing::independent;
  const auto first = at.issued();
  const auto second = at.issued();
  EXPECT_NE(first, second);
  EXPECT_EQ(word(at.check(second, true)), "right");
  EXPECT_EQ(at.state(first), status::pending);
}

TEST(Issue, IsAnotherOnceTheOldOneIsClosed) {
  const std::vector<std::pair<const char*, void (*)(desk&, std::uint64_t)>> closings{
      {"approved", [](desk& at, std::uint64_t id) { EXPECT_EQ(word(at.check(id, true)), "right"); }},
      {"canceled", [](desk& at, std::uint64_t id) { EXPECT_EQ(word(at.cancel(id)), "ok"); }},
      {"used up",
       [](desk& at, std::uint64_t id) {
         for (int i = 0; i < 5; ++i)
           EXPECT_EQ(word(at.check(id, false)), "wrong");
       }},
      {"expired", [](desk& at, std::uint64_t) { at.pass(300s); }},
      {"of an older epoch", [](desk& at, std::uint64_t) { at.at.epoch += 1; }},
  };
  for (const auto& [name, close] : closings) {
    desk at;
    const auto id = at.issued();
    close(at, id);
    const auto next = at.issued();
    EXPECT_NE(next, id) << name;
    EXPECT_EQ(at.one(next).attempts, 0) << name;
    EXPECT_EQ(word(at.check(next, true)), "right") << name;
  }
}

TEST(Send, KeepsTheGapAndDoublesIt) {
  desk at;
  at.policy.resend_after = 30s;
  at.policy.lifetime = 600s;
  const auto id = at.issued();
  for (const auto gap : {30s, 60s, 120s, 240s}) {
    expect_limited(at.issue(), "recipient", gap);
    expect_limited(at.resend(id), "recipient", gap);
    EXPECT_EQ(next_send(at.here(id), at.at), gap == 240s ? std::optional(at.at.now + gap) : at.at.now + gap);
    at.pass(gap - 1ms);
    expect_limited(at.resend(id), "recipient", 1ms);
    at.pass(1ms);
    EXPECT_EQ(next_send(at.here(id), at.at), at.at.now);
    EXPECT_EQ(word(at.resend(id)), "ok");
  }
}

TEST(Send, KeepsTheGapForWhoCancelsAndAsksAnew) {
  desk at;
  at.policy.resend_after = 30s;
  const auto id = at.issued();
  EXPECT_EQ(word(at.cancel(id)), "ok");
  expect_limited(at.issue(), "recipient", 30s);
}

TEST(Send, EndsWithTheVerificationsOwnCount) {
  desk at;
  at.policy.max_sends = 3;
  const auto id = at.issued();
  EXPECT_EQ(word(at.resend(id)), "ok");
  EXPECT_EQ(word(at.issue()), "ok");
  at.pass(100s);
  expect_limited(at.resend(id), "recipient", 200s);
  expect_limited(at.issue(), "recipient", 200s);
  EXPECT_EQ(next_send(at.here(id), at.at), std::nullopt);
  at.pass(200s);
  EXPECT_NE(at.issued(), id);
}

TEST(Send, EndsWithTheProfilesRate) {
  desk at;
  at.policy.sends = {2, 120s};
  at.policy.sharing = sharing::independent;
  at.issued();
  at.issued();
  expect_limited(at.issue(), "recipient", 60s);
  EXPECT_EQ(word(at.issue("login")), "ok");  // a subject of its own
  at.pass(60s);
  EXPECT_EQ(word(at.issue()), "ok");
  expect_limited(at.issue(), "recipient", 60s);
}

TEST(Send, EndsWithTheRecipientsDayOverAllProfiles) {
  desk at;
  at.per_day = {4, 24h};
  for (const char* name : {"a", "b", "c", "d"}) {
    at.policy.name = name;
    at.issued();
  }
  at.policy.name = "e";
  expect_limited(at.issue(), "recipient_day", 6h);
  EXPECT_EQ(at.record.subjects.size(), 4U);
  at.pass(6h);
  EXPECT_EQ(word(at.issue()), "ok");
}

// Whoever waits as long as he was told is not told to wait again.
TEST(Send, WaitsForTheSlowestOfItsLimitsAndNamesTheFirst) {
  desk at;
  at.policy.resend_after = 30s;
  at.policy.sends = {1, 120s};
  at.per_day = {1, 10h};
  at.issued();
  expect_limited(at.issue(), "recipient", 10h);
  at.pass(119s);
  expect_limited(at.issue(), "recipient", 10h - 119s);
  at.pass(1s);
  expect_limited(at.issue(), "recipient_day", 10h - 120s);
  at.pass(10h - 120s);
  EXPECT_EQ(word(at.issue()), "ok");
}

TEST(Resend, RepeatsOrRotatesTheCode) {
  desk at;
  const auto id = at.issued();
  EXPECT_EQ(word(at.resend(id)), "ok");
  EXPECT_EQ(at.one(id).generation, 0);
  at.policy.resend = resend_policy::rotate;
  EXPECT_EQ(word(at.resend(id)), "ok");
  EXPECT_EQ(word(at.issue()), "ok");
  EXPECT_EQ(at.one(id).generation, 2);
}

TEST(Resend, GivesANewCodeALifetimeOfItsOwn) {
  desk at;
  const auto id = at.issued();
  const instant first = at.one(id).expires;
  at.pass(60s);
  EXPECT_EQ(word(at.resend(id)), "ok");
  EXPECT_EQ(at.one(id).expires, first);
  at.policy.resend = resend_policy::rotate;
  at.pass(60s);
  EXPECT_EQ(word(at.resend(id)), "ok");
  EXPECT_EQ(at.one(id).expires, first + 120s);
}

TEST(Resend, RefusesWhatIsClosed) {
  desk at;
  at.policy.sharing = sharing::independent;
  at.policy.attempts = 1;
  const auto approved = at.issued();
  const auto canceled = at.issued();
  const auto used_up = at.issued();
  const auto expired = at.issued();
  EXPECT_EQ(word(at.check(approved, true)), "right");
  EXPECT_EQ(word(at.cancel(canceled)), "ok");
  EXPECT_EQ(word(at.check(used_up, false)), "wrong");
  at.pass(300s);
  EXPECT_EQ(word(at.resend(approved)), "approved");
  EXPECT_EQ(word(at.resend(canceled)), "canceled");
  EXPECT_EQ(word(at.resend(used_up)), "max_attempts_reached");
  EXPECT_EQ(word(at.resend(expired)), "expired");
  for (const auto id : {approved, canceled, used_up, expired})
    EXPECT_EQ(next_send(at.here(id), at.at), std::nullopt);
  EXPECT_EQ(word(at.cancel(approved)), "approved");
  EXPECT_EQ(word(at.cancel(canceled)), "ok");
  EXPECT_EQ(word(at.cancel(used_up)), "max_attempts_reached");
  EXPECT_EQ(word(at.cancel(expired)), "expired");
}

TEST(Settle, KeepsWhatCameOfTheSend) {
  for (const delivery state : {delivery::sent, delivery::failed, delivery::unknown}) {
    desk at;
    const auto id = at.issued();
    EXPECT_TRUE(at.settle(id, 1, state));
    EXPECT_EQ(at.one(id).delivery, state);
    EXPECT_FALSE(at.settle(id, 1, delivery::sent)) << "it has an outcome already";
    EXPECT_EQ(at.one(id).delivery, state);
  }
}

TEST(Settle, IgnoresASendThatIsNotTheLast) {
  desk at;
  const auto id = at.issued();
  EXPECT_EQ(word(at.resend(id)), "ok");
  EXPECT_FALSE(at.settle(id, 1, delivery::failed, failure::unavailable));
  EXPECT_EQ(at.one(id).delivery, delivery::sending);
  EXPECT_TRUE(at.settle(id, 2, delivery::sent));
}

TEST(Settle, GivesASendBackOnlyIfItNeverLeft) {
  for (int why = 0; why <= static_cast<int>(failure::unknown); ++why) {
    for (const delivery state : {delivery::sent, delivery::failed, delivery::unknown}) {
      desk at;
      at.policy.sends = {2, 10min};
      at.per_day = {2, 24h};
      at.policy.sharing = sharing::independent;
      at.issued();
      const auto id = at.issued();
      EXPECT_TRUE(at.settle(id, 1, state, static_cast<failure>(why)));
      const bool back = state == delivery::failed && static_cast<failure>(why) == failure::unavailable;
      EXPECT_EQ(word(at.issue()), back ? "ok" : "rate_limited") << why << ' ' << to_string(state);
      EXPECT_EQ(word(at.issue()), "rate_limited") << why << ' ' << to_string(state);
    }
  }
}

}  // namespace
}  // namespace otpd::otp
