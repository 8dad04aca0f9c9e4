// A store that fails its n-th call, once or for ever, in each way, for every n; and rows that nobody wrote.

#include <gtest/gtest.h>

#include "auth/account_world.hpp"

namespace otpd::auth {
namespace {

using namespace test;

// Whoever is interrupted may have left an address without its account; whoever comes next finds none taken
// that is not.
void expect_sound(account_world& at) {
  for (const std::string& address : {phone, email, other_phone}) {
    const auto found = at.find(address);
    if (!found) continue;
    const bool has = found->phone == address || found->email == address;
    EXPECT_TRUE(has) << address << " leads to an account that does not name it";
    EXPECT_EQ(at.find_id(found->id), *found);
  }
}

class FaultyStore : public testing::TestWithParam<std::tuple<fault, bool>> {};

TEST_P(FaultyStore, LosesNothingThatWasAcknowledged) {
  const auto [how, for_ever] = GetParam();
  for (std::size_t n = 1; n < 40; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    account_world at;
    at.store.fail(n, how, for_ever);
    const auto made = at.prove(phone, true, "hash");
    const auto both = at.put(at.entry(phone, email));
    const auto second = at.put(at.entry(other_phone, email));
    const auto removed = at.run(at.tested.remove("r", who(other_phone)));
    at.store.repair();
    expect_sound(at);
    const bool is_whole = made.has_value() && both.has_value();
    if (made.has_value()) {
      EXPECT_EQ(at.find(phone)->password_hash, "hash");
    }
    if (is_whole) {
      EXPECT_EQ(at.find(email)->id, made->id);
    }
    if (is_whole) {
      EXPECT_TRUE(second.has_error()) << "the address was taken";
    }
    for (const auto& out : {word(made), word(both), word(removed)})
      EXPECT_TRUE(out == "ok" || out == "store_unavailable" || out == "overloaded" || out == "address_taken")
          << out;
    // After the repair the same words reach the same end.
    ASSERT_EQ(word(at.prove(phone)), "ok");
    if (second.has_error()) {
      ASSERT_EQ(word(at.put(at.entry(phone, email))), "ok");
      EXPECT_EQ(at.find(email)->id, at.find(phone)->id);
      EXPECT_TRUE(at.remove(email));
      EXPECT_EQ(at.find(phone), std::nullopt);
      EXPECT_EQ(at.find(email), std::nullopt);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EachWay, FaultyStore,
                         testing::Combine(testing::Values(fault::full, fault::lost, fault::silent),
                                          testing::Bool()));

// Puts bytes where an address stands.
task<outcome<void>> plant(otp::store& into, otp::record_key key, std::string bytes) {
  class write final : public otp::transition {
   public:
    write(otp::record_key key, std::string bytes) : key_(key), bytes_(std::move(bytes)) {}
    void apply(std::optional<std::string_view>, otp::write_set& out) override {
      out.put(key_, bytes_, otp::never);
    }

   private:
    otp::record_key key_;
    std::string bytes_;
  };
  write step(key, std::move(bytes));
  const auto done = co_await into.update(key, step);
  EXPECT_TRUE(done.has_value());
  co_return outcome<void>{};
}

TEST(UnknownRows, AreRefusedAndLeftAlone) {
  account_world at;
  account_vault vault(at.ring);
  const otp::record_key key = vault.key_of("r", phone);
  for (const std::string& bytes : {std::string("\x03what a later version wrote"), std::string(),
                                   std::string("\x01x"), std::string("\x02y")}) {
    at.run(plant(at.store, key, bytes));
    EXPECT_EQ(word(at.run(at.tested.find("r", who(phone)))), "store_unavailable");
    EXPECT_EQ(word(at.run(at.tested.find_id(vault.id_of(key)))), "store_unavailable");
    EXPECT_EQ(word(at.prove(phone)), "store_unavailable");
    EXPECT_EQ(word(at.put(at.entry(phone, email))), "store_unavailable");
    EXPECT_EQ(word(at.run(at.tested.remove("r", who(phone)))), "store_unavailable");
    EXPECT_EQ(at.store.values(otp::table::accounts), std::vector<std::string>{bytes});
  }
}

TEST(Aliases, WhoseAccountDoesNotNameThemAreFree) {
  account_world at;
  account_vault vault(at.ring);
  ASSERT_EQ(word(at.prove(phone)), "ok");
  const account_alias leads{vault.key_of("r", phone), {}};
  at.run(plant(at.store, vault.key_of("r", email), vault.encode(leads)));
  EXPECT_EQ(at.find(email), std::nullopt);
  EXPECT_FALSE(at.remove(email));
  EXPECT_NE(at.find(phone), std::nullopt);
  EXPECT_EQ(word(at.prove(email, false)), "no_account");
  const auto made = at.put(at.entry(other_phone, email));
  ASSERT_EQ(word(made), "ok");
  EXPECT_EQ(at.find(email)->id, made->id);
}

TEST(Aliases, ThatLeadNowhereAreFree) {
  account_world at;
  account_vault vault(at.ring);
  const account_alias nowhere{vault.key_of("r", other_phone), {}};
  const account_alias itself{vault.key_of("r", email), {}};
  for (const account_alias& each : {nowhere, itself}) {
    at.run(plant(at.store, vault.key_of("r", email), vault.encode(each)));
    EXPECT_EQ(at.find(email), std::nullopt);
    const auto made = at.prove(email);
    ASSERT_EQ(word(made), "ok");
    EXPECT_EQ(at.find(email), *made);
  }
}

}  // namespace
}  // namespace otpd::auth
