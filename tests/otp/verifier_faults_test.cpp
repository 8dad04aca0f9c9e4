// A store that fails its n-th call, once or for ever, in each way, for every n.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "otp/verifier_world.hpp"

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;
using test::fault;
using test::phone;
using test::world;

constexpr caller somebody{caller::network{7, false}, 3};

// What a client learned of the code, and what it was charged for.
struct score {
  int wrong = 0;
  int right = 0;
  int sends = 0;  // acknowledged, or at least on their way
  int failed_calls = 0;
};

// True if the answer says that the store failed; then it must say nothing else.
template <class T>
bool noted(score& so_far, const outcome<T>& out) {
  const bool failed = out.has_error() &&
                      (out.error().code == errc::store_unavailable || out.error().code == errc::overloaded);
  so_far.failed_calls += failed ? 1 : 0;
  return failed;
}

void note_check(score& so_far, const outcome<check_view>& out) {
  if (noted(so_far, out) || out.has_error()) return;
  ++(out->valid ? so_far.right : so_far.wrong);
}

// A whole flow of one client that goes on whatever is answered: send, two wrong, resend, two wrong, right,
// right, cancel.
score flow(world& at) {
  score out;
  at.by = somebody;
  at.profiles[0].resend_after = 0s;
  const auto made = at.issue(phone);
  noted(out, made);
  out.sends += made.has_value() ? 1 : 0;
  if (at.sender.sent.empty()) return out;
  const std::string code = at.last().code;
  const auto check = [&](const std::string& guess) { note_check(out, at.check_recipient(phone, guess)); };
  check(at.wrong());
  check(at.wrong());
  if (made.has_value()) {
    const auto again = at.resend(made->id);
    noted(out, again);
    out.sends += again.has_value() ? 1 : 0;
  }
  check(at.wrong());
  check(at.wrong());
  check(code);
  check(code);
  if (made.has_value()) {
    noted(out, at.cancel(made->id));
    noted(out, at.find(made->id));
  }
  return out;
}

TEST(Fault, NeverRevealsAVerdictNorKeepsABudget) {
  world sound;
  const score whole = flow(sound);
  ASSERT_EQ(whole.wrong, 4);
  ASSERT_EQ(whole.right, 1);
  ASSERT_EQ(whole.sends, 2);
  ASSERT_EQ(whole.failed_calls, 0);
  const std::size_t calls = sound.store.calls();
  ASSERT_GE(calls, 12U);
  for (const fault how : {fault::full, fault::lost, fault::silent}) {
    for (const bool for_ever : {false, true}) {
      for (std::size_t call = 1; call <= calls; ++call) {
        SCOPED_TRACE("call " + std::to_string(call) + (for_ever ? " and all after it" : "") + ", fault " +
                     std::to_string(static_cast<int>(how)));
        world at;
        at.store.fail(call, how, for_ever);
        const score got = flow(at);
        EXPECT_LE(got.wrong, 4);
        EXPECT_LE(got.right, 1);
        EXPECT_LE(got.sends, 2);
        // Reported, unless it was the record of a delivery, for which the client need not wait.
        EXPECT_LE(got.failed_calls, for_ever ? static_cast<int>(calls) : 1);
        // Charged is what was revealed, and nothing else.
        EXPECT_EQ(at.failures_left(somebody), 100 - got.wrong);
        // A send is charged if it was acknowledged.
        EXPECT_EQ(at.sends_left(somebody), 60 - got.sends);
      }
    }
  }
}

// One check, in each state of the record, whose write fails.
TEST(Fault, ThatHitsACheckRevealsNothing) {
  for (const fault how : {fault::full, fault::lost, fault::silent}) {
    for (const bool right : {false, true}) {
      world at;
      at.by = somebody;
      const auto made = at.issued();
      at.store.fail(1, how, false);
      const auto out = at.check(made.id, right ? at.last().code : at.wrong());
      ASSERT_EQ(world::word(out), how == fault::full ? "overloaded" : "store_unavailable");
      EXPECT_GT(out.error().retry_after, 0ms);
      EXPECT_EQ(at.failures_left(somebody), 100);
      const auto after = at.find(made.id);
      ASSERT_TRUE(after.has_value());
      if (how != fault::silent) {
        EXPECT_EQ(after->attempts_left, 5U);
        EXPECT_EQ(after->status, status::pending);
      } else {
        // Charged, although nobody was told: never the other way round.
        EXPECT_EQ(after->attempts_left, right ? 5U : 4U);
        EXPECT_EQ(after->status, right ? status::approved : status::pending);
      }
    }
  }
}

// Guessing behind a store that loses its answers yields no more than guessing in the open.
TEST(Fault, ThatHidesVerdictsStillChargesThem) {
  world at;
  const auto made = at.issued();
  at.store.fail(1, fault::silent, true);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(world::word(at.check(made.id, at.wrong())), "store_unavailable");
  at.store.repair();
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "max_attempts_reached");
}

TEST(Fault, ThatHitsTheRecordOfADeliveryLosesNoMessage) {
  for (const fault how : {fault::full, fault::lost, fault::silent}) {
    world at;
    at.store.fail(2, how, false);
    const auto made = at.issued();
    EXPECT_EQ(made.delivery, delivery::sent);
    EXPECT_EQ(at.find(made.id)->delivery, how == fault::silent ? delivery::sent : delivery::sending);
    EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "right");

    world failing;
    failing.sender.report = {delivery::failed, failure::rejected};
    failing.store.fail(2, how, false);
    const auto refused = failing.issue(phone);
    ASSERT_EQ(world::word(refused), "delivery_failed");
    EXPECT_EQ(world::word(failing.find(refused.error().id)), "pending");
  }
}

TEST(Fault, ThatHitsASendSendsNothing) {
  for (const fault how : {fault::full, fault::lost, fault::silent}) {
    world at;
    at.by = somebody;
    at.store.fail(1, how, false);
    EXPECT_TRUE(at.issue(phone).has_error());
    EXPECT_TRUE(at.sender.sent.empty());
    EXPECT_EQ(at.sends_left(somebody), 60);
  }
}

// A record that cannot be read is not taken for an empty one: that would give every budget back.
TEST(Fault, OfADamagedRecordIsNoFreshStart) {
  world at;
  const auto made = at.issued();
  const record_key key = at.names.record_of(*parse_recipient(phone, {}));
  struct damage final : transition {
    explicit damage(const record_key& at_key) : key(at_key) {}
    void apply(std::optional<std::string_view> current, write_set& out) override {
      std::string value(*current);
      value.pop_back();
      out.put(key, std::move(value), never);
    }
    record_key key;
  };
  damage step(key);
  ASSERT_TRUE(at.run(at.store.update(key, step)).has_value());
  at.pass(30s);
  EXPECT_EQ(world::word(at.issue(phone)), "store_unavailable");
  EXPECT_EQ(world::word(at.check(made.id, at.last().code)), "store_unavailable");
  EXPECT_EQ(at.sender.sent.size(), 1U);
}

}  // namespace
}  // namespace otpd::otp
