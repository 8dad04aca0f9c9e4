#include "store/recent_records.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace otpd::store {
namespace {

otp::instant at(std::int64_t ms) {
  return otp::instant{otp::milliseconds{ms}};
}

otp::record_key key_of(std::uint64_t number, otp::table table = otp::table::recipients) {
  otp::record_key key;
  key.table = table;
  std::memcpy(key.bytes.data() + 8, &number, sizeof number);
  return key;
}

TEST(RecentRecords, HoldsTheNewestValueUntilItExpires) {
  recent_records recent(1 << 16);
  EXPECT_FALSE(recent.find(key_of(1), at(0)));
  recent.put(key_of(1), "first", at(10));
  recent.put(key_of(1), "second", at(20));
  EXPECT_EQ(recent.find(key_of(1), at(19))->value, "second");
  EXPECT_EQ(recent.find(key_of(1), at(20))->value, std::nullopt);
}

TEST(RecentRecords, TellsTablesApart) {
  recent_records recent(1 << 16);
  recent.put(key_of(1), "recipient", at(10));
  EXPECT_FALSE(recent.find(key_of(1, otp::table::limits), at(0)));
}

TEST(RecentRecords, ForgetsWhatIsErasedOrGrowsTooLarge) {
  recent_records recent(1 << 16);
  recent.put(key_of(1), "one", at(10));
  recent.erase(key_of(1));
  EXPECT_FALSE(recent.find(key_of(1), at(0)));
  recent.put(key_of(2), "two", at(10));
  recent.put(key_of(2), std::string(231, 'x'), at(10));
  EXPECT_FALSE(recent.find(key_of(2), at(0)));
  recent.put(key_of(3), std::string(230, 'x'), at(10));
  EXPECT_EQ(recent.find(key_of(3), at(0))->value->size(), 230U);
}

TEST(RecentRecords, ForgetsEverything) {
  recent_records recent(1 << 16);
  for (std::uint64_t i = 0; i < 100; ++i)
    recent.put(key_of(i), "value", at(10));
  recent.clear();
  for (std::uint64_t i = 0; i < 100; ++i)
    EXPECT_FALSE(recent.find(key_of(i), at(0))) << i;
}

TEST(RecentRecords, TheOldestOfASetGoesFirst) {
  recent_records recent(0);  // one set
  for (std::uint64_t i = 0; i < 6; ++i)
    recent.put(key_of(i), "value", at(10));
  for (std::uint64_t i = 0; i < 6; ++i)
    EXPECT_EQ(recent.find(key_of(i), at(0)).has_value(), i >= 2) << i;
}

// Against a map: it may forget, but it never tells anything else than the newest value.
TEST(RecentRecords, NeverTellsAnOldValue) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    recent_records recent(16 << 10);
    std::map<std::uint64_t, std::pair<std::string, otp::instant>> model;
    std::size_t told = 0;
    for (int step = 0; step < 20'000; ++step) {
      const std::uint64_t number = random() % 200;
      const std::uint64_t choice = random() % 10;
      if (choice == 0) {
        recent.erase(key_of(number));
        model.erase(number);
      } else if (choice < 5) {
        const std::string value(random() % 240, static_cast<char>('a' + random() % 26));
        const otp::instant expires = at(static_cast<std::int64_t>(random() % 20'000));
        recent.put(key_of(number), value, expires);
        model[number] = {value, expires};
      } else if (const auto found = recent.find(key_of(number), at(step))) {
        ++told;
        const auto known = model.find(number);
        ASSERT_NE(known, model.end());
        const bool lives = known->second.second > at(step);
        ASSERT_EQ(found->value.has_value(), lives);
        if (lives) {
          ASSERT_EQ(*found->value, known->second.first);
        }
      }
    }
    EXPECT_GT(told, 1000U);
  }
}

}  // namespace
}  // namespace otpd::store
