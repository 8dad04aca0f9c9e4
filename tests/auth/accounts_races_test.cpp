// What many do at the same time: each order that the loop can make of it leaves accounts that can be.

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "auth/account_world.hpp"
#include "system/seed.hpp"

namespace otpd::auth {
namespace {

using namespace test;

// Waits before and after each call, never as long as the last time.
class uneven_store final : public otp::store {
 public:
  uneven_store(otp::store& inner, std::uint64_t seed, unsigned most)
      : inner_(inner), random_(seed), most_(most) {}

  task<boost::system::result<std::optional<std::string>>> get(otp::record_key key) override {
    co_await dawdle();
    auto out = co_await inner_.get(key);
    co_await dawdle();
    co_return out;
  }
  task<boost::system::result<void>> update(otp::record_key key, otp::transition& step) override {
    co_await dawdle();
    auto out = co_await inner_.update(key, step);
    co_await dawdle();
    co_return out;
  }
  [[nodiscard]] bool has_room() const noexcept override { return true; }

 private:
  task<void> dawdle() {
    for (auto turns = random_() % most_; turns != 0; --turns)
      co_await otp::test::yield();
  }

  otp::store& inner_;
  std::mt19937_64 random_;
  unsigned most_;  // turns of the loop
};

struct race_world : account_world {
  explicit race_world(std::uint64_t seed) : uneven(store, seed, 6), slow(store, seed + 1, 80) {}

  uneven_store uneven, slow;
  accounts racing{uneven, clock, ring, random};
  accounts trailing{slow, clock, ring, random};  // is overtaken by whole uses of the others
};

// Each address leads to an account that names it, or to none; and what an account names leads to it.
void expect_sound(account_world& at) {
  for (const std::string& address : {phone, other_phone, email, other_email}) {
    const auto found = at.find(address);
    if (!found) continue;
    EXPECT_TRUE(found->phone == address || found->email == address) << address;
    EXPECT_EQ(at.find_id(found->id), *found);
    for (const std::string& each : {found->phone, found->email}) {
      if (each.empty()) continue;
      const auto other = at.find(each);
      EXPECT_EQ(other ? other->id : "nobody's", found->id) << address << " names " << each;
    }
  }
}

TEST(AccountRaces, ThousandProofsOfOneAddressMakeOneAccount) {
  account_world at;
  const otp::recipient whose = who(phone);
  std::set<std::string> ids;
  int proven = 0;
  for (int i = 0; i < 1000; ++i) {
    at.start(at.tested.prove({"r", whose}), [&](const outcome<account>& out) {
      proven += out.has_value() ? 1 : 0;
      if (out.has_value()) ids.insert(out->id);
    });
  }
  at.finish();
  EXPECT_EQ(proven, 1000);
  EXPECT_EQ(ids.size(), 1u);
  EXPECT_EQ(at.store.records(), 1u);
}

TEST(AccountRaces, OneOfTwoGetsTheAddress) {
  account_world at;
  std::vector<std::string> outs;
  for (const std::string& by : {phone, other_phone}) {
    at.start(at.tested.put(at.entry(by, email)),
             [&](const outcome<account>& out) { outs.push_back(word(out)); });
  }
  at.finish();
  std::ranges::sort(outs);
  EXPECT_EQ(outs, (std::vector<std::string>{"address_taken", "ok"}));
  expect_sound(at);
}

TEST(AccountRaces, AnAddressThatIsProvenWhileItIsGivenAwayIsLostByNobody) {
  std::mt19937_64 seeds = otpd::test::seeded_generator();
  for (int round = 0; round < 2000; ++round) {
    SCOPED_TRACE(round);
    race_world at(seeds());
    const otp::recipient whose = who(email);
    std::optional<outcome<account>> put, proven;
    at.start(at.racing.put(at.entry(phone, email)),
             [&](outcome<account> out) { put.emplace(std::move(out)); });
    at.loop.restart();
    for (auto turns = seeds() % 40; turns != 0; --turns)
      at.loop.poll_one();
    at.start(at.racing.prove({"r", whose, true, "hash"}),
             [&](outcome<account> out) { proven.emplace(std::move(out)); });
    at.finish();
    ASSERT_EQ(word(*proven), "ok");
    EXPECT_EQ(at.find(email)->password_hash, "hash") << "the proof was acknowledged";
    EXPECT_TRUE(at.find(email)->email_verified);
    if (put->has_value()) {
      EXPECT_EQ(at.find(phone)->id, at.find(email)->id);
    } else {
      EXPECT_EQ(word(*put), "address_taken");
    }
    expect_sound(at);
  }
}

// The address comes back at once: what the removal tidies up is the old account's alone.
TEST(AccountRaces, AnAccountThatIsMadeAnewWhileItIsRemovedKeepsItsAddresses) {
  std::mt19937_64 seeds = otpd::test::seeded_generator();
  for (int round = 0; round < 2000; ++round) {
    SCOPED_TRACE(round);
    race_world at(seeds());
    ASSERT_EQ(word(at.put(at.entry(phone, email))), "ok");
    const otp::recipient whose = who(phone);
    bool is_removed = false, is_there = true;
    std::optional<outcome<account>> put;
    at.start(at.trailing.remove("r", whose), [&](const outcome<bool>& out) { is_removed = *out; });
    at.loop.restart();
    // The second begins once the account is gone and its alias is not.
    while (is_there && at.loop.poll_one() != 0)
      is_there = at.store.records() == 2;
    at.start(at.racing.put(at.entry(phone, email)),
             [&](outcome<account> out) { put.emplace(std::move(out)); });
    at.finish();
    ASSERT_TRUE(is_removed);
    ASSERT_EQ(word(*put), "ok");
    ASSERT_NE(at.find(email), std::nullopt);
    EXPECT_EQ(at.find(email)->id, (*put)->id);
    expect_sound(at);
  }
}

TEST(AccountRaces, SeededWalkLeavesNoAddressAstray) {
  std::mt19937_64 random = otpd::test::seeded_generator();
  const std::vector<std::string> phones{phone, other_phone}, emails{email, other_email};
  for (int round = 0; round < 1000; ++round) {
    race_world at(random());
    std::vector<otp::recipient> all;
    for (const auto* list : {&phones, &emails}) {
      for (const std::string& each : *list)
        all.push_back(who(each));
    }
    for (int i = 0; i < 12; ++i) {
      const otp::recipient& whose = all[random() % all.size()];
      accounts& by = random() % 2 == 0 ? at.racing : at.trailing;
      switch (random() % 4) {
        case 0:
          at.start(by.prove({"r", whose}), [](const outcome<account>& out) { EXPECT_EQ(word(out), "ok"); });
          break;
        case 1:
          at.start(by.remove("r", whose), [](const outcome<bool>& out) { EXPECT_EQ(word(out), "ok"); });
          break;
        default:
          at.start(by.put(at.entry(phones[random() % 2], emails[random() % 2])),
                   [](const outcome<account>& out) {
                     EXPECT_TRUE(word(out) == "ok" || word(out) == "address_taken") << word(out);
                   });
      }
      at.loop.restart();
      for (auto turns = random() % 40; turns != 0; --turns)
        at.loop.poll_one();
    }
    at.finish();
    expect_sound(at);
    // And it all can be tidied up.
    for (const otp::recipient& each : all)
      static_cast<void>(at.remove(each.address));
    for (const otp::recipient& each : all)
      EXPECT_EQ(at.find(each.address), std::nullopt);
    EXPECT_EQ(word(at.put(at.entry(phone, email))), "ok");
  }
}

}  // namespace
}  // namespace otpd::auth
