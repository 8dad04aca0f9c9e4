// What is judged, what is charged for it, and what is refused unjudged.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "otp/rules_desk.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::desk;
using test::word;

TEST(Check, ApprovesTheRightAnswerOnce) {
  desk at;
  const auto id = at.issued();
  EXPECT_EQ(word(at.check(id, true)), "right");
  EXPECT_EQ(at.state(id), status::approved);
  EXPECT_EQ(word(at.check(id, true)), "approved");
  EXPECT_EQ(word(at.check(id, false)), "approved");
  EXPECT_EQ(at.one(id).attempts, 0);
}

TEST(Check, ChargesAWrongAnswer) {
  desk at;
  const auto id = at.issued();
  EXPECT_EQ(word(at.check(id, false)), "wrong");
  EXPECT_EQ(at.one(id).attempts, 1);
  EXPECT_EQ(at.here(id).subject->consecutive_failures, 1);
  EXPECT_EQ(at.here(id).subject->failures.available(at.at.now, at.policy.failures), 9U);
  EXPECT_EQ(at.state(id), status::pending);
}

struct budget_case {
  const char* name;
  std::uint8_t attempts;
  rate failures;
  std::uint16_t consecutive;
  int evaluated;  // wrong answers that are judged at once
  const char* then;
};

const std::vector<budget_case>& budgets() {
  static const std::vector<budget_case> all{
      {"attempts", 5, {10, 1h}, 100, 5, "max_attempts_reached"},
      {"one attempt", 1, {10, 1h}, 100, 1, "max_attempts_reached"},
      {"ten attempts", 10, {10, 1h}, 100, 10, "max_attempts_reached"},
      {"failures in the hour", 5, {3, 1h}, 100, 3, "too_many_failures"},
      {"failures in a row", 5, {10, 1h}, 4, 4, "recipient_locked"},
      {"the first failure locks", 5, {10, 1h}, 1, 1, "recipient_locked"},
      {"a lock comes before the rate", 5, {2, 1h}, 2, 2, "recipient_locked"},
      {"a closed verification says so first", 2, {2, 1h}, 2, 2, "max_attempts_reached"},
  };
  return all;
}

TEST(Check, JudgesNoMoreThanTheBudget) {
  for (const budget_case& each : budgets()) {
    desk at;
    at.policy.attempts = each.attempts;
    at.policy.failures = each.failures;
    at.policy.max_consecutive_failures = each.consecutive;
    const auto id = at.issued();
    for (int i = 0; i < each.evaluated; ++i)
      EXPECT_EQ(word(at.check(id, false)), "wrong") << each.name;
    EXPECT_EQ(word(at.check(id, false)), each.then) << each.name;
    EXPECT_EQ(word(at.check(id, true)), each.then) << each.name;
  }
}

TEST(Check, TakesTheRightAnswerAsTheLastAttempt) {
  for (const budget_case& each : budgets()) {
    desk at;
    at.policy.attempts = each.attempts;
    at.policy.failures = each.failures;
    at.policy.max_consecutive_failures = each.consecutive;
    const auto id = at.issued();
    for (int i = 1; i < each.evaluated; ++i)
      EXPECT_EQ(word(at.check(id, false)), "wrong") << each.name;
    EXPECT_EQ(word(at.check(id, true)), "right") << each.name;
  }
}

TEST(Check, EndsExactlyAtTheExpiry) {
  desk at;
  const auto early = at.issued();
  at.pass(at.policy.lifetime - 1ms);
  EXPECT_EQ(word(at.check(early, true)), "right");
  const auto late = at.issued();
  at.pass(at.policy.lifetime);
  EXPECT_EQ(word(at.check(late, true)), "expired");
  EXPECT_EQ(word(at.check(late, false)), "expired");
  EXPECT_EQ(at.one(late).attempts, 0);
}

TEST(Check, RefusesWhatIsCanceled) {
  desk at;
  const auto id = at.issued();
  EXPECT_EQ(word(at.cancel(id)), "ok");
  EXPECT_EQ(word(at.check(id, true)), "canceled");
}

TEST(Check, RefusesWhatAnotherEpochMade) {
  for (const std::uint32_t epoch : {6U, 8U}) {
    desk at;
    const auto id = at.issued();
    at.at.epoch = epoch;
    EXPECT_EQ(at.state(id), status::canceled);
    EXPECT_EQ(word(at.check(id, true)), "canceled");
    EXPECT_EQ(word(at.resend(id)), "canceled");
  }
}

TEST(Check, OfAnApprovedOneStaysApprovedInAnotherEpoch) {
  desk at;
  const auto id = at.issued();
  EXPECT_EQ(word(at.check(id, true)), "right");
  at.at.epoch += 1;
  EXPECT_EQ(at.state(id), status::approved);
  EXPECT_EQ(word(at.check(id, true)), "approved");
}

TEST(Failures, ComeBackOneByOne) {
  desk at;
  at.policy.attempts = 10;
  at.policy.lifetime = 600s;
  at.policy.failures = {3, 180s};
  const auto id = at.issued();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(word(at.check(id, false)), "wrong");
  const auto refused = at.check(id, false);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, errc::too_many_failures);
  EXPECT_EQ(refused.error().retry_after, 60s);
  at.pass(60s - 1ms);
  EXPECT_EQ(word(at.check(id, false)), "too_many_failures");
  at.pass(1ms);
  EXPECT_EQ(word(at.check(id, false)), "wrong");
  EXPECT_EQ(word(at.check(id, false)), "too_many_failures");
}

TEST(Failures, AreSharedByAllVerificationsOfASubject) {
  desk at;
  at.policy.sharing = sharing::independent;
  at.policy.failures = {4, 1h};
  const auto first = at.issued();
  const auto second = at.issued();
  const auto other = at.issued("login");
  EXPECT_NE(first, second);
  EXPECT_EQ(word(at.check(first, false)), "wrong");
  EXPECT_EQ(word(at.check(first, false)), "wrong");
  EXPECT_EQ(word(at.check(second, false)), "wrong");
  EXPECT_EQ(at.one(first).attempts, 2);
  EXPECT_EQ(at.one(second).attempts, 1);
  EXPECT_EQ(word(at.check(second, false)), "wrong");
  EXPECT_EQ(word(at.check(first, true)), "too_many_failures");
  EXPECT_EQ(word(at.check(second, true)), "too_many_failures");
  EXPECT_EQ(word(at.check(other, true)), "right");
}

// NIST 800-63B-4, 3.1.3.2 (RELIABILITY N5).
TEST(Failures, AreNotForgottenByAResend) {
  desk at;
  const auto id = at.issued();
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(word(at.check(id, false)), "wrong");
  EXPECT_EQ(word(at.resend(id)), "ok");
  EXPECT_EQ(word(at.issue()), "ok");
  EXPECT_EQ(word(at.check(id, false)), "wrong");
  EXPECT_EQ(word(at.check(id, true)), "max_attempts_reached");
}

// RELIABILITY A2: whoever asks anew, in whatever way, has the subject's budget and no more.
TEST(Failures, AreNotForgottenByAskingAnew) {
  for (const bool cancels : {false, true}) {
    desk at;
    at.policy.failures = {10, 1h};
    int evaluated = 0;
    for (int round = 0; round < 200; ++round) {
      const auto made = at.issue();
      if (made.has_error()) break;
      const auto id = made->verification->nonce;
      for (int i = 0; i < 4; ++i)
        evaluated += word(at.check(id, false)) == "wrong" ? 1 : 0;
      if (cancels) {
        static_cast<void>(at.cancel(id));
      } else {
        static_cast<void>(at.resend(id));
      }
    }
    EXPECT_LE(evaluated, 10);
  }
}

TEST(Failures, InARowLockTheSubjectWithoutATimer) {
  desk at;
  at.policy.failures = {1000, 1h};
  at.policy.attempts = 10;
  for (int round = 0; round < 10; ++round) {
    const auto id = at.issued();
    for (int i = 0; i < 10; ++i)
      ASSERT_EQ(word(at.check(id, false)), "wrong");
    at.pass(1h);
  }
  EXPECT_EQ(word(at.issue()), "recipient_locked");
  at.pass(24h * 10'000);
  prune(at.record, at.at.now);
  EXPECT_EQ(forgettable_at(at.record), never);
  EXPECT_EQ(word(at.issue()), "recipient_locked");
}

TEST(Failures, LockAPendingVerificationToo) {
  desk at;
  at.policy.sharing = sharing::independent;
  at.policy.max_consecutive_failures = 2;
  const auto mine = at.issued();
  const auto theirs = at.issued();
  EXPECT_EQ(word(at.check(theirs, false)), "wrong");
  EXPECT_EQ(word(at.check(theirs, false)), "wrong");
  EXPECT_EQ(word(at.check(mine, true)), "recipient_locked");
  EXPECT_EQ(word(at.resend(mine)), "recipient_locked");
  EXPECT_EQ(at.state(mine), status::pending);
}

TEST(Failures, InARowEndWithASuccess) {
  desk at;
  at.policy.max_consecutive_failures = 6;
  for (int round = 0; round < 2; ++round) {
    const auto id = at.issued();
    for (int i = 0; i < 4; ++i)
      EXPECT_EQ(word(at.check(id, false)), "wrong");
    EXPECT_EQ(word(at.check(id, true)), "right");
    EXPECT_EQ(at.here(id).subject->consecutive_failures, 0);
  }
}

TEST(Failures, WithinTheHourOutliveASuccess) {
  desk at;
  at.policy.failures = {4, 1h};
  const auto first = at.issued();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(word(at.check(first, false)), "wrong");
  EXPECT_EQ(word(at.check(first, true)), "right");
  const auto second = at.issued();
  EXPECT_EQ(word(at.check(second, false)), "wrong");
  EXPECT_EQ(word(at.check(second, false)), "too_many_failures");
}

TEST(Unlock, ForgetsTheFailuresOfAProfileOrOfAll) {
  desk at;
  at.policy.max_consecutive_failures = 1;
  at.policy.failures = {1, 1h};
  const auto lock = [&at](const char* profile) {
    at.policy.name = profile;
    EXPECT_EQ(word(at.check(at.issued(), false)), "wrong");
    EXPECT_EQ(word(at.issue()), "recipient_locked");
  };
  lock("one");
  lock("two");
  unlock(at.record, "one");
  at.policy.name = "one";
  EXPECT_EQ(word(at.check(at.issued(), false)), "wrong");
  at.policy.name = "two";
  EXPECT_EQ(word(at.issue()), "recipient_locked");
  unlock(at.record, {});
  EXPECT_EQ(word(at.issue()), "ok");
  at.policy.name = "one";
  EXPECT_EQ(word(at.issue()), "ok");
}

TEST(Unlock, ReopensNoVerification) {
  desk at;
  at.policy.attempts = 1;
  const auto id = at.issued();
  EXPECT_EQ(word(at.check(id, false)), "wrong");
  unlock(at.record, {});
  EXPECT_EQ(word(at.check(id, true)), "max_attempts_reached");
}

}  // namespace
}  // namespace otpd::otp
