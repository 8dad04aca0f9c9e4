// Failed attempts, counted in a store: what parallel ones, failures of the store and restarts cannot exceed.

#include "auth/attempts.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "auth/account_world.hpp"
#include "store/world.hpp"

namespace otpd::auth {
namespace {

using namespace test;
using namespace std::chrono_literals;

const attempt_policy three{3, 1h, std::nullopt};

class Attempts : public testing::Test, protected world {
 protected:
  std::string charge(const attempt_policy& policy = three) { return word(run(tested.charge(whose, policy))); }
  std::string failure(const attempt_policy& policy = three) {
    const std::string out = charge(policy);
    if (out == "ok") {
      EXPECT_EQ(word(run(tested.fail(whose, policy))), "ok");
    }
    return out;
  }

  attempts tested{store, clock, ring};
  otp::record_key whose = tested.of_client("login", {7, false});
};

TEST_F(Attempts, AreRefusedAfterThreeInARowUntilTheBlockIsOver) {
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(failure(), "ok");
  const auto refused = run(tested.charge(whose, three));
  ASSERT_EQ(word(refused), "blocked");
  EXPECT_EQ(refused.error().retry_after, 1h);
  pass(1h);
  EXPECT_EQ(charge(), "ok");
}

TEST_F(Attempts, AreForgottenBySuccessAndByTheAdministrator) {
  failure();
  failure();
  charge();
  EXPECT_EQ(word(run(tested.succeed(whose, three))), "ok");
  EXPECT_EQ(store.records(), 0u) << "there is nothing to say";
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(failure({3, std::nullopt, otp::rate{3, 1h}}), "ok");
  pass(24h * 365);
  EXPECT_EQ(charge({3, std::nullopt, otp::rate{3, 1h}}), "blocked");
  EXPECT_EQ(word(run(tested.unlock(whose))), "ok");
  EXPECT_EQ(store.records(), 0u);
  EXPECT_EQ(charge(), "ok");
}

TEST_F(Attempts, AreGivenBackOne) {
  for (int i = 0; i < 3; ++i)
    charge();
  EXPECT_EQ(charge(), "overloaded") << "each of three may still fail";
  EXPECT_EQ(word(run(tested.give_back(whose, three))), "ok");
  EXPECT_EQ(charge(), "ok");
  EXPECT_EQ(charge(), "overloaded");
}

TEST_F(Attempts, OfDifferentPeopleAndReasonsAreCountedApart) {
  const otp::recipient tagged = who(email), plain = who("jo@example.com");
  const std::vector<otp::record_key> keys{
      whose,
      tested.of_client("login", {7, true}),
      tested.of_client("login", {8, false}),
      tested.of_client("other", {7, false}),
      tested.of_address("login", who(phone)),
      tested.of_address("login", tagged),
      tested.of_address("login", plain),  // an account of its own: a success there forgets nothing here
      tested.of_address(password_scope("r"), who(phone)),
      tested.of_address(password_scope("q"), who(phone)),
  };
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_NE(keys[i], keys[j]) << i << " and " << j;
  }
  EXPECT_EQ(tested.of_address("login", who("JO+Shop@example.com")), tested.of_address("login", tagged));
  attempts after_restart(store, clock, ring);
  EXPECT_EQ(after_restart.of_client("login", {7, false}), whose);
}

// RELIABILITY V10: what the store cannot say is not taken for a yes.
TEST_F(Attempts, AreRefusedWhileTheStoreFails) {
  for (const fault how : {fault::full, fault::lost, fault::silent}) {
    store.fail(1, how, true);
    EXPECT_EQ(charge(), how == fault::full ? "overloaded" : "store_unavailable");
    store.repair();
  }
  EXPECT_EQ(failure(), "ok");
  EXPECT_EQ(failure(), "ok");
  EXPECT_EQ(charge(), "overloaded") << "the one whose acknowledgement was lost counts";
}

TEST_F(Attempts, OfAnUnknownFormatAreRefused) {
  class plant final : public otp::transition {
   public:
    explicit plant(otp::record_key key) : key_(key) {}
    void apply(std::optional<std::string_view>, otp::write_set& out) override {
      out.put(key_, "\x07later", otp::never);
    }

   private:
    otp::record_key key_;
  };
  plant step(whose);
  ASSERT_TRUE(run(store.update(whose, step)).has_value());
  EXPECT_EQ(charge(), "store_unavailable");
  EXPECT_EQ(word(run(tested.succeed(whose, three))), "store_unavailable");
}

// ---- many at once
// ----------------------------------------------------------------------------------------------------

constexpr int many = 10'000;

TEST_F(Attempts, OfTenThousandAtOnceThreeAreJudged) {
  int judged = 0;
  for (int i = 0; i < many; ++i) {
    start(tested.charge(whose, three), [&](const outcome<void>& out) { judged += out.has_value() ? 1 : 0; });
  }
  finish();
  EXPECT_EQ(judged, 3);
}

TEST(AttemptsInTheEngine, OfTenThousandOnFourLoopsThreeAreJudgedAndARestartRemembersThem) {
  store::test::world at(4);
  at.settings.max_queued = many;
  at.open();
  const crypto::key_ring ring(otp::test::master_key(1));
  std::vector<std::unique_ptr<attempts>> tested;
  for (int i = 0; i < 4; ++i)
    tested.push_back(std::make_unique<attempts>(at.store(), *at.clock, ring));
  const otp::record_key whose = tested[0]->of_client("login", {7, false});
  std::vector<std::future<outcome<void>>> all;
  for (std::size_t i = 0; i < many; ++i) {
    all.push_back(
        boost::asio::co_spawn(at.loops[i % 4], tested[i % 4]->charge(whose, three), boost::asio::use_future));
  }
  int judged = 0, refused = 0;
  for (auto& each : all) {
    const std::string out = word(each.get());
    judged += out == "ok" ? 1 : 0;
    refused += out == "overloaded" ? 1 : 0;
  }
  EXPECT_EQ(judged, 3);
  EXPECT_EQ(refused, many - 3);
  at.close();
  at.open();
  attempts again(at.store(), *at.clock, ring);
  EXPECT_EQ(word(at.loops.run(again.charge(whose, three))), "ok") << "two count as failures";
  EXPECT_EQ(word(at.loops.run(again.charge(whose, three))), "overloaded");
  EXPECT_EQ(word(at.loops.run(again.fail(whose, three))), "ok");
  EXPECT_EQ(word(at.loops.run(again.charge(whose, three))), "blocked");
}

}  // namespace
}  // namespace otpd::auth
