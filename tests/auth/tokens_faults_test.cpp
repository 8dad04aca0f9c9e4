// Tokens on a store that fails its n-th call, once or for ever, in each way, for every n; after a rollback;
// and rows that nobody here wrote (RELIABILITY F4, S9).

#include <gtest/gtest.h>

#include "auth/account_world.hpp"
#include "auth/steps.hpp"
#include "auth/tokens.hpp"

namespace otpd::auth {
namespace {

using namespace test;

struct faulty_world : account_world {
  token_pair begun() {
    const auto somebody = prove(phone);
    EXPECT_TRUE(somebody.has_value());
    const auto pair = run(issued.begin(*somebody, policy));
    EXPECT_TRUE(pair.has_value());
    return *pair;
  }
  outcome<token_pair> refresh(const std::string& token) { return run(issued.refresh(token, policy)); }
  outcome<bearer> authenticate(const std::string& token) { return run(issued.authenticate(token, policy)); }

  const token_options options;
  const token_policy& policy = options.policy;
  const token_signer signer{options, ring};
  const std::function<std::int64_t(otp::instant)> unix_ms = [](otp::instant when) {
    return when.time_since_epoch().count();
  };
  tokens issued{{store, clock, signer, unix_ms}, ring, tested, random};
};

bool is_of_the_store(const std::string& said) {
  return said == "store_unavailable" || said == "overloaded";
}

class FaultyTokens : public testing::TestWithParam<std::tuple<fault, bool>> {};

INSTANTIATE_TEST_SUITE_P(EachWay, FaultyTokens,
                         testing::Combine(testing::Values(fault::full, fault::lost, fault::silent),
                                          testing::Bool()));

// Whoever asks again has the successor, whether it was on the disk already or not, and it is the only one.
TEST_P(FaultyTokens, ARefreshThatFailedIsAskedAgain) {
  const auto [how, for_ever] = GetParam();
  bool was_whole = false;
  for (std::size_t n = 1; !was_whole; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    ASSERT_LT(n, 10U);
    faulty_world at;
    const token_pair first = at.begun();
    at.store.fail(n, how, for_ever);
    const auto next = at.refresh(first.refresh);
    was_whole = next.has_value();
    if (!was_whole) {
      EXPECT_TRUE(is_of_the_store(word(next))) << word(next);
    }
    at.store.repair();
    const auto again = at.refresh(first.refresh);
    ASSERT_EQ(word(again), "ok");
    if (was_whole) {
      EXPECT_EQ(again->refresh, next->refresh);
    }
    EXPECT_EQ(word(at.refresh(again->refresh)), "ok");
    EXPECT_EQ(word(at.refresh(first.refresh)), "invalid_token");
    EXPECT_EQ(word(at.authenticate(again->access)), "invalid_token") << "the ancestor has ended it";
  }
}

TEST_P(FaultyTokens, ALogoutThatWasAcknowledgedIsOne) {
  const auto [how, for_ever] = GetParam();
  for (std::size_t n = 1; n < 4; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    faulty_world at;
    const token_pair first = at.begun();
    at.store.fail(n, how, for_ever);
    const auto out = at.run(at.issued.revoke(first.refresh, at.policy));
    at.store.repair();
    const bool is_gone = out.has_value() || how == fault::silent;
    if (out.has_error()) {
      EXPECT_TRUE(is_of_the_store(word(out))) << word(out);
    }
    EXPECT_EQ(word(at.refresh(first.refresh)), is_gone ? "invalid_token" : "ok");
    EXPECT_EQ(word(at.authenticate(first.access)), is_gone ? "invalid_token" : "ok");
  }
}

TEST_P(FaultyTokens, NothingIsBegunOrBelievedWithoutTheStore) {
  const auto [how, for_ever] = GetParam();
  faulty_world at;
  const token_pair first = at.begun();
  const account somebody = *at.find(phone);
  for (std::size_t n = 1; n < 3; ++n) {
    at.store.fail(n, how, for_ever);
    const std::string said = word(at.authenticate(first.access));
    EXPECT_TRUE(is_of_the_store(said)) << n << ' ' << said;
    at.store.repair();
    EXPECT_EQ(word(at.authenticate(first.access)), "ok");
  }
  at.store.fail(1, how, for_ever);
  EXPECT_TRUE(is_of_the_store(word(at.run(at.issued.begin(somebody, at.policy)))));
}

// Which refresh tokens were used since, nobody knows any more.
TEST(TokensAfterARollback, AreDeadAndNewOnesAreNot) {
  faulty_world at;
  const token_pair before = at.begun();
  const auto moved = at.refresh(before.refresh);
  ASSERT_EQ(word(moved), "ok");
  ++at.clock.at.epoch;
  EXPECT_EQ(word(at.authenticate(moved->access)), "invalid_token");
  for (const std::string& each : {before.refresh, moved->refresh})
    EXPECT_EQ(word(at.refresh(each)), "invalid_token");
  const token_pair after = at.begun();
  EXPECT_EQ(word(at.authenticate(after.access)), "ok");
  EXPECT_EQ(word(at.refresh(after.refresh)), "ok");
}

TEST(TokensWithUnknownRows, AreRefusedAndTheRowsLeftAlone) {
  for (const std::string& bytes :
       {std::string("\x02what a later version wrote"), std::string(), std::string("\x01x")}) {
    faulty_world at;
    const token_pair pair = at.begun();
    token_names names(at.ring);
    const otp::record_key row = names.row_of(names.from_opaque(pair.refresh).value());
    auto plant = make_row_step<bool>([&](std::optional<std::string_view>, otp::write_set& out) {
      out.put(row, bytes, otp::never);
      return outcome<bool>(true);
    });
    at.run(at.store.update(row, plant));
    EXPECT_EQ(word(at.refresh(pair.refresh)), "store_unavailable");
    EXPECT_EQ(word(at.authenticate(pair.access)), "store_unavailable");
    EXPECT_EQ(at.store.values(otp::table::sessions), std::vector<std::string>{bytes});
  }
}

}  // namespace
}  // namespace otpd::auth
