// Signing in by password: what somebody learns who has none, and how often they may try.

#include "auth/sign_in.hpp"

#include <algorithm>
#include <map>

#include "auth/account_world.hpp"

namespace otpd::auth {
namespace {

using namespace test;
using namespace std::chrono_literals;

const std::string right = "correct horse";
const std::string wrong = "wrong horse";
const std::string nobody = "+14155552673";

// Little work, so that tests are quick.
password_options quick(std::size_t max_queued = 2000) {
  return {.memory_kib = 64, .iterations = 1, .max_queued = max_queued};
}

class SignIn : public testing::Test, protected account_world {
 protected:
  SignIn() { registered(phone); }

  void registered(const std::string& address) {
    ASSERT_EQ(word(prove(address, true, run(hasher.hash(right)).value())), "ok");
  }
  outcome<account> by(const std::string& password, const std::string& address = phone) {
    return run(signing.by_password(hasher.reserve().value(), "r", who(address), password));
  }
  // So many failures, however long it takes.
  void fail(int count, const std::string& address = phone) {
    for (int i = 0; i < count; ++i) {
      if (i % 10 == 0) pass(1h);
      ASSERT_EQ(word(by(wrong, address)), "wrong_password") << i;
    }
    pass(1h);
  }

  password_hasher hasher{quick()};
  attempts tries{store, clock, ring};
  sign_in signing{tested, tries, hasher};
};

TEST_F(SignIn, TakesThePasswordOfItsAccountAlone) {
  const auto in = by(right);
  ASSERT_EQ(word(in), "ok");
  EXPECT_EQ(in->phone, phone);
  EXPECT_EQ(word(by(wrong)), "wrong_password");
  EXPECT_EQ(word(by("")), "wrong_password");
  EXPECT_EQ(word(by(right, other_phone)), "wrong_password");
  EXPECT_EQ(word(run(signing.by_password(hasher.reserve().value(), "q", who(phone), right))),
            "wrong_password")
      << "of another realm";
}

// RELIABILITY A6.
TEST_F(SignIn, TakesTheSameStepsForEverybody) {
  ASSERT_EQ(word(prove(other_phone)), "ok");
  registered("+14155552675");
  account_entry off = entry("+14155552675");
  off.disabled = true;
  ASSERT_EQ(word(put(off)), "ok");
  std::map<std::string, std::pair<std::size_t, std::size_t>> steps;
  for (const auto& [kind, address] :
       {std::pair("with a password", phone), std::pair("with none", other_phone), std::pair("nobody", nobody),
        std::pair("disabled", std::string("+14155552675"))}) {
    const auto calls = store.calls(), writes = store.writes();
    const std::string& said = address == "+14155552675" ? right : wrong;
    const auto out = by(said, address);
    EXPECT_EQ(word(out), "wrong_password") << kind;
    EXPECT_EQ(out.error().retry_after, 0ms) << kind;
    steps[kind] = {store.calls() - calls, store.writes() - writes};
  }
  for (const auto& [kind, each] : steps) {
    EXPECT_EQ(each, steps["with a password"]) << kind;
    EXPECT_EQ(each.second, 2U) << "charged before and counted after, durably";
  }
}

TEST_F(SignIn, IsTriedTenTimesAnHourRegisteredOrNot) {
  for (const std::string& address : {phone, nobody}) {
    for (int i = 0; i < 10; ++i)
      EXPECT_EQ(word(by(wrong, address)), "wrong_password");
    const auto refused = by(right, address);
    ASSERT_EQ(word(refused), "blocked");
    EXPECT_GT(refused.error().retry_after, 0ms);
    EXPECT_LE(refused.error().retry_after, 6min);
  }
  pass(6min);
  EXPECT_EQ(word(by(right)), "ok");
}

// RELIABILITY N4: no timer opens it again.
TEST_F(SignIn, EndsAfterAHundredFailuresInARow) {
  fail(99);
  EXPECT_EQ(word(by(right)), "ok");
  fail(100);
  for (const auto time : {0h, 24h, 24h * 1000}) {
    pass(time);
    attempts after_restart(store, clock, ring);
    sign_in again(tested, after_restart, hasher);
    EXPECT_EQ(word(run(again.by_password(hasher.reserve().value(), "r", who(phone), right))), "blocked");
  }
  EXPECT_EQ(word(run(tries.unlock(tries.of_address(password_scope("r"), who(phone))))), "ok");
  EXPECT_EQ(word(by(right)), "ok");
}

TEST_F(SignIn, BeginsAnewWithANewPassword) {
  fail(100);
  EXPECT_EQ(word(by(right)), "blocked");
  EXPECT_EQ(word(run(signing.rebind("r", who(phone)))), "ok");
  EXPECT_EQ(word(by(wrong)), "wrong_password");
  EXPECT_EQ(word(by(right)), "ok");
}

TEST_F(SignIn, OfAThousandAtOnceTenAreJudged) {
  std::map<std::string, int> said;
  for (int i = 0; i < 1000; ++i)
    start(signing.by_password(hasher.reserve().value(), "r", who(phone), wrong),
          [&](const outcome<account>& out) { said[word(out)] += 1; });
  finish();
  EXPECT_EQ(said["wrong_password"], 10);
  EXPECT_EQ(said["blocked"] + said["overloaded"], 990);
  EXPECT_EQ(word(by(right)), "blocked");
}

TEST_F(SignIn, RenewsAHashOfOtherOptionsAndEndsNoToken) {
  const account before = run(tested.find("r", who(phone))).value().value();
  password_options dearer = quick();
  dearer.memory_kib = 128;
  password_hasher today{dearer};
  sign_in again(tested, tries, today);
  EXPECT_EQ(word(run(again.by_password(today.reserve().value(), "r", who(phone), wrong))), "wrong_password");
  EXPECT_EQ(run(tested.find("r", who(phone))).value().value().password_hash, before.password_hash);
  EXPECT_EQ(word(run(again.by_password(today.reserve().value(), "r", who(phone), right))), "ok");
  const account after = run(tested.find("r", who(phone))).value().value();
  EXPECT_NE(after.password_hash.find("m=128,"), std::string::npos) << after.password_hash;
  EXPECT_EQ(after.tokens_from, before.tokens_from);
  EXPECT_EQ(word(run(again.by_password(today.reserve().value(), "r", who(phone), right))), "ok");
  EXPECT_EQ(run(tested.find("r", who(phone))).value().value().password_hash, after.password_hash);
  EXPECT_EQ(word(run(tested.renew_hash("r", who(phone), before.password_hash, "other"))), "ok");
  EXPECT_EQ(run(tested.find("r", who(phone))).value().value().password_hash, after.password_hash)
      << "a password that was set meanwhile stays";
}

TEST_F(SignIn, CountsAClientsFailuresAndForgetsThemAtASuccess) {
  const sign_in_bounds bounds{"r", otp::caller::network{7, false}, {3, 1h, {}}};
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(word(run(signing.charge(bounds))), "ok");
      EXPECT_EQ(word(run(signing.fail(bounds))), "ok");
    }
    EXPECT_EQ(word(run(signing.charge(bounds))), "ok");
    EXPECT_EQ(word(run(signing.succeed(bounds))), "ok");
  }
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(word(run(signing.charge(bounds))), "ok");
  EXPECT_EQ(word(run(signing.charge(bounds))), "overloaded");
  EXPECT_EQ(word(run(signing.give_back(bounds))), "ok");
  EXPECT_EQ(word(run(signing.charge(bounds))), "ok");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(word(run(signing.fail(bounds))), "ok");
  EXPECT_EQ(word(run(signing.charge(bounds))), "blocked");
  const sign_in_bounds of_nobody{"r", std::nullopt, {1, 1h, {}}};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(word(run(signing.charge(of_nobody))), "ok");
}

// RELIABILITY V10: nobody comes in because the store fails, and no guess goes uncounted.
TEST_F(SignIn, FailsClosedWhereverTheStoreFails) {
  for (const fault how : {fault::full, fault::lost, fault::silent}) {
    for (std::size_t n = 1; n < 5; ++n) {
      for (const bool for_ever : {false, true}) {
        SCOPED_TRACE("call " + std::to_string(n));
        pass(1h);
        store.fail(n, how, for_ever);
        const std::string bad = word(by(wrong));
        store.repair();
        store.fail(n, how, for_ever);
        const std::string good = word(by(right));
        store.repair();
        const std::string trouble = how == fault::full ? "overloaded" : "store_unavailable";
        EXPECT_EQ(bad, n <= 3 ? trouble : "wrong_password");
        EXPECT_EQ(good, n <= 3 ? trouble : "ok");
        ASSERT_EQ(word(by(right)), "ok") << "and it clears what was counted";
      }
    }
  }
}

}  // namespace
}  // namespace otpd::auth
