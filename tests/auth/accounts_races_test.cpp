// What many do at the same time: each order that the loop can make of it leaves accounts that can be.

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "auth/account_world.hpp"
#include "system/seed.hpp"

namespace otpd::auth {
namespace {

using namespace test;

// Each address leads to an account that names it, or to none; and no two accounts are led to by what one
// names.
void expect_sound(account_world& at) {
  for (const std::string& address : {phone, other_phone, email, other_email}) {
    const auto found = at.find(address);
    if (!found) continue;
    EXPECT_TRUE(found->phone == address || found->email == address) << address;
    EXPECT_EQ(at.find_id(found->id), *found);
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

TEST(AccountRaces, AProofOfAnAddressThatIsBeingGivenAwayMakesNoneDisappear) {
  for (std::size_t head_start = 0; head_start < 12; ++head_start) {
    SCOPED_TRACE(head_start);
    account_world at;
    const otp::recipient whose = who(email);
    std::optional<outcome<account>> put, proven;
    at.start(at.tested.put(at.entry(phone, email)),
             [&](outcome<account> out) { put.emplace(std::move(out)); });
    at.loop.restart();
    for (std::size_t i = 0; i < head_start; ++i)
      at.loop.poll_one();
    at.start(at.tested.prove({"r", whose, true, "hash"}),
             [&](outcome<account> out) { proven.emplace(std::move(out)); });
    at.finish();
    ASSERT_EQ(word(*proven), "ok");
    EXPECT_EQ(at.find(email)->password_hash, "hash") << "the proof was acknowledged";
    EXPECT_TRUE(at.find(email)->email_verified);
    if (put->has_value()) {
      EXPECT_EQ(at.find(phone)->id, at.find(email)->id);
    }
    if (put->has_error()) {
      EXPECT_EQ(word(*put), "address_taken");
    }
    expect_sound(at);
  }
}

TEST(AccountRaces, SeededWalkLeavesNoAddressAstray) {
  std::mt19937_64 random = otpd::test::seeded_generator();
  const std::vector<std::string> phones{phone, other_phone}, emails{email, other_email};
  for (int round = 0; round < 300; ++round) {
    account_world at;
    std::vector<otp::recipient> all;
    for (const auto* list : {&phones, &emails}) {
      for (const std::string& each : *list)
        all.push_back(who(each));
    }
    for (int i = 0; i < 12; ++i) {
      const otp::recipient& whose = all[random() % all.size()];
      switch (random() % 4) {
        case 0:
          at.start(at.tested.prove({"r", whose}),
                   [](const outcome<account>& out) { EXPECT_EQ(word(out), "ok"); });
          break;
        case 1:
          at.start(at.tested.remove("r", whose),
                   [](const outcome<bool>& out) { EXPECT_EQ(word(out), "ok"); });
          break;
        default:
          at.start(at.tested.put(at.entry(phones[random() % 2], emails[random() % 2])),
                   [](const outcome<account>& out) {
                     EXPECT_TRUE(word(out) == "ok" || word(out) == "address_taken") << word(out);
                   });
      }
      at.loop.restart();
      for (auto turns = random() % 8; turns != 0; --turns)
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
