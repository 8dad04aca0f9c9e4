// What a record keeps, and for how long.

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

TEST(Find, PrefersThePendingOneThenTheNewest) {
  desk at;
  at.policy.sharing = sharing::independent;
  const auto first = at.issued();
  const auto second = at.issued();
  const auto third = at.issued();
  const auto elsewhere = at.issued("verify", 5);
  const auto found = [&at] { return find(at.record, "default", "verify", 0, at.at).verification->nonce; };
  EXPECT_EQ(found(), third);
  EXPECT_EQ(word(at.cancel(third)), "ok");
  EXPECT_EQ(found(), second);
  EXPECT_EQ(word(at.check(second, true)), "right");
  EXPECT_EQ(found(), first);
  EXPECT_EQ(word(at.cancel(first)), "ok");
  EXPECT_EQ(found(), third);
  EXPECT_EQ(find(at.record, "default", "verify", 5, at.at).verification->nonce, elsewhere);
  EXPECT_FALSE(find(at.record, "default", "verify", 6, at.at));
  EXPECT_FALSE(find(at.record, "default", "login", 0, at.at));
  EXPECT_FALSE(find(at.record, "other", "verify", 0, at.at));
  EXPECT_FALSE(find(at.record, 1234));
}

TEST(Record, HoldsOnlySoManyPendingVerifications) {
  desk at;
  at.policy.sharing = sharing::independent;
  std::vector<std::uint64_t> ids;
  for (std::size_t i = 0; i < max_verifications; ++i)
    ids.push_back(at.issued());
  at.pass(100s);
  const auto refused = at.issue();
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, errc::rate_limited);
  EXPECT_EQ(refused.error().limit, "recipient");
  EXPECT_EQ(refused.error().retry_after, 200s);
  // A closed one makes room, and none that is pending.
  EXPECT_EQ(word(at.cancel(ids[3])), "ok");
  const auto next = at.issued();
  EXPECT_FALSE(find(at.record, ids[3]));
  ids[3] = next;
  for (const auto id : ids)
    EXPECT_EQ(at.state(id), status::pending);
  EXPECT_EQ(word(at.issue()), "rate_limited");
}

TEST(Record, HoldsOnlySoManySubjects) {
  desk at;
  for (std::size_t i = 0; i < max_subjects; ++i)
    at.issued("purpose-" + std::to_string(i));
  EXPECT_EQ(word(at.issue("one-more")), "rate_limited");
  EXPECT_EQ(word(at.issue("purpose-3")), "ok");
  at.pass(at.policy.lifetime + retention + 1h);
  EXPECT_EQ(word(at.issue("one-more")), "ok");
  EXPECT_EQ(at.record.subjects.size(), 1U);
}

// A wrong answer is remembered for long, but a purpose that nobody uses any more must not take the place of
// another for ever.
TEST(Record, MakesRoomForSubjectsOnceOldFailuresAreForgotten) {
  desk at;
  for (std::size_t i = 0; i < max_subjects; ++i) {
    EXPECT_EQ(word(at.check(at.issued("purpose-" + std::to_string(i)), false)), "wrong");
  }
  at.pass(24h * 30);
  EXPECT_EQ(word(at.issue("one-more")), "rate_limited");
  at.pass(24h * 401);
  EXPECT_EQ(word(at.issue("one-more")), "ok");
}

TEST(Prune, KeepsAVerificationTenMinutesAfterItsExpiry) {
  desk at;
  const auto id = at.issued();
  at.pass(at.policy.lifetime + retention - 1ms);
  prune(at.record, at.at.now);
  EXPECT_EQ(at.state(id), status::expired);
  at.pass(1ms);
  prune(at.record, at.at.now);
  EXPECT_FALSE(find(at.record, id));
}

TEST(Prune, KeepsASubjectWhileAnyOfItsBudgetsIsNotFull) {
  const auto subjects = [](const desk& at) { return at.record.subjects.size(); };
  desk sends;
  sends.policy.sends = {2, 10h};
  sends.issued();
  sends.pass(5h - 1ms);
  prune(sends.record, sends.at.now);
  EXPECT_EQ(subjects(sends), 1U);
  sends.pass(1ms);
  prune(sends.record, sends.at.now);
  EXPECT_EQ(subjects(sends), 0U);

  desk failures;
  failures.policy.failures = {2, 10h};
  const auto id = failures.issued();
  EXPECT_EQ(word(failures.check(id, false)), "wrong");
  EXPECT_EQ(word(failures.check(id, true)), "right");
  failures.pass(5h - 1ms);
  prune(failures.record, failures.at.now);
  EXPECT_EQ(subjects(failures), 1U);
  failures.pass(1ms);
  prune(failures.record, failures.at.now);
  EXPECT_EQ(subjects(failures), 0U);

  desk row;
  EXPECT_EQ(word(row.check(row.issued(), false)), "wrong");
  row.pass(24h * 399);
  prune(row.record, row.at.now);
  EXPECT_EQ(subjects(row), 1U);
}

TEST(Record, IsForgettableOnceItSaysNothing) {
  EXPECT_EQ(forgettable_at({}), instant{});
  desk at;
  at.policy.sends = {1, 60s};
  at.policy.failures = {1, 60s};
  at.per_day = {1000, 60s};
  const auto id = at.issued();
  EXPECT_EQ(forgettable_at(at.record), start + at.policy.lifetime + retention);
  EXPECT_EQ(word(at.check(id, true)), "right");
  at.per_day = {1, 24h};
  at.policy.sends = {1, 2h};
  at.pass(60s);
  at.issued();
  EXPECT_EQ(forgettable_at(at.record), at.at.now + 24h);
}

TEST(Record, RemembersFailuresInARowFor400Days) {
  desk at;
  EXPECT_EQ(word(at.check(at.issued(), false)), "wrong");
  EXPECT_GE(forgettable_at(at.record), at.at.now + 24h * 400);
  EXPECT_LT(forgettable_at(at.record), at.at.now + 24h * 402);
}

// From its moment on the store drops the record: nothing that a rule can see may get lost by that.
TEST(Record, LosesNothingWhenItIsForgotten) {
  desk at;
  at.policy.resend_after = 600s;
  at.policy.sends = {2, 3h};
  at.policy.failures = {2, 5h};
  const auto id = at.issued();
  EXPECT_EQ(word(at.check(id, false)), "wrong");
  EXPECT_EQ(word(at.check(id, true)), "right");
  at.at.now = forgettable_at(at.record);
  prune(at.record, at.at.now);
  EXPECT_TRUE(at.record.subjects.empty());
  EXPECT_TRUE(at.record.day.is_full(at.at.now));
}

}  // namespace
}  // namespace otpd::otp
