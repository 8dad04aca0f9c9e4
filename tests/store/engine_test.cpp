// What one update may rely on. What happens between many of them: engine_concurrency_test.cpp.

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "store/held_disk.hpp"

namespace otpd::store::test {
namespace {

step put_step(std::uint64_t number, std::string text) {
  return step([number, text](auto, otp::write_set& out) { out.put(key(number), text, otp::never); });
}

TEST(Engine, KeepsWhatWasPut) {
  world w;
  w.open();
  EXPECT_EQ(w.get(1), "-");
  ASSERT_FALSE(w.put(1, "one"));
  EXPECT_EQ(w.get(1), "one");
  EXPECT_EQ(w.get(1, otp::table::limits), "-");
}

TEST(Engine, ATransitionSeesTheCurrentValue) {
  world w;
  w.open();
  ASSERT_FALSE(w.put(1, "one"));
  std::string seen;
  step look([&seen](auto current, otp::write_set&) { seen = current.value_or("-"); });
  ASSERT_FALSE(w.update(1, look));
  EXPECT_EQ(seen, "one");
}

TEST(Engine, ATransitionSeesTheNewestPendingValue) {
  held_disk d;
  d.w.open();
  ASSERT_TRUE(d.block());
  step one = put_step(1, "one");
  auto first = d.start(1, one);
  std::string seen;
  step two([&seen](auto current, otp::write_set& out) {
    seen = current.value_or("-");
    out.put(key(1), "two", otp::never);
  });
  auto second = d.start(1, two);
  EXPECT_EQ(seen, "one");
  step erase([&seen](auto current, otp::write_set& out) {
    seen = current.value_or("-");
    out.erase(key(1));
  });
  auto third = d.start(1, erase);
  EXPECT_EQ(seen, "two");
  step look([&seen](auto current, otp::write_set&) { seen = current.value_or("-"); });
  auto fourth = d.start(1, look);
  EXPECT_EQ(seen, "-");
  d.files->release();
  for (auto* one_of : {&first, &second, &third, &fourth})
    EXPECT_FALSE(one_of->get());
  EXPECT_EQ(d.w.get(1), "-");
}

TEST(Engine, GetSeesDurableValuesOnly) {
  held_disk d;
  d.w.open();
  ASSERT_FALSE(d.w.put(1, "old"));
  ASSERT_TRUE(d.block());
  step one = put_step(1, "new");
  auto pending = d.start(1, one);
  EXPECT_EQ(d.w.get(1), "old");
  EXPECT_FALSE(is_ready(pending));
  d.files->release();
  EXPECT_FALSE(pending.get());
  EXPECT_EQ(d.w.get(1), "new");
}

TEST(Engine, ANoOpThatSawAPendingValueWaitsForIt) {
  held_disk d;
  d.w.open();
  ASSERT_TRUE(d.block());
  step one = put_step(1, "one");
  auto pending = d.start(1, one);
  step look([](auto, otp::write_set&) {});
  auto looking = d.start(1, look);
  d.settle();
  EXPECT_EQ(look.runs, 1);
  EXPECT_FALSE(is_ready(looking));
  d.files->release();
  EXPECT_FALSE(looking.get());
  EXPECT_TRUE(is_ready(pending));
}

TEST(Engine, ANoOpOnADurableValueWaitsForNothing) {
  held_disk d;
  d.w.open();
  ASSERT_FALSE(d.w.put(1, "one"));
  ASSERT_TRUE(d.block());
  step look([](auto, otp::write_set&) {});
  EXPECT_FALSE(d.w.update(1, look));
}

// The first run knows one key only; the others' locks are taken before the run that counts.
TEST(Engine, ATransitionOverManyKeysStartsFromItsInputsEachTime) {
  world w;
  w.open();
  step many([](auto current, otp::write_set& out) {
    EXPECT_FALSE(current);
    for (std::uint64_t i = 1; i <= 100; ++i)
      out.put(key(i), "of " + std::to_string(i), otp::never);
  });
  ASSERT_FALSE(w.update(1, many));
  EXPECT_GE(many.runs, 2);
  for (std::uint64_t i = 1; i <= 100; ++i)
    EXPECT_EQ(w.get(i), "of " + std::to_string(i));
}

TEST(Engine, TheLastWriteOfAKeyInOneTransitionCounts) {
  held_disk d;
  d.w.open();
  ASSERT_TRUE(d.block());
  step twice([](auto, otp::write_set& out) {
    out.put(key(1), "first", otp::never);
    out.erase(key(1));
    out.put(key(1), "last", otp::never);
  });
  auto pending = d.start(1, twice);
  std::string seen;
  step look([&seen](auto current, otp::write_set&) { seen = current.value_or("-"); });
  auto looking = d.start(1, look);
  EXPECT_EQ(seen, "last");
  d.files->release();
  EXPECT_FALSE(pending.get());
  EXPECT_EQ(d.w.get(1), "last");
}

TEST(Engine, AnExpiredRecordIsNotThere) {
  world w;
  w.open();
  ASSERT_FALSE(w.put(1, "short", w.now() + 1000ms));
  w.time.pass(999);
  EXPECT_EQ(w.get(1), "short");
  w.time.pass(1);
  EXPECT_EQ(w.get(1), "-");
  bool there = true;
  step look([&there](auto current, otp::write_set&) { there = current.has_value(); });
  ASSERT_FALSE(w.update(1, look));
  EXPECT_FALSE(there);
  std::size_t found = 0;
  w.store().scan(otp::table::recipients, [&found](auto, auto) { ++found; });
  EXPECT_EQ(found, 0u);
}

TEST(Engine, APendingValueExpiresToo) {
  held_disk d;
  d.w.open();
  ASSERT_TRUE(d.block());
  const otp::instant expires = d.w.now() + 1000ms;
  step one([expires](auto, otp::write_set& out) { out.put(key(1), "short", expires); });
  auto pending = d.start(1, one);
  d.w.time.pass(1000);
  bool there = true;
  step look([&there](auto current, otp::write_set&) { there = current.has_value(); });
  auto looking = d.start(1, look);
  EXPECT_FALSE(there);
  d.files->release();
  EXPECT_FALSE(looking.get());
}

TEST(Engine, ErasesRecords) {
  world w;
  w.open();
  ASSERT_FALSE(w.put(1, "one"));
  step erase([](auto, otp::write_set& out) { out.erase(key(1)); });
  ASSERT_FALSE(w.update(1, erase));
  EXPECT_EQ(w.get(1), "-");
  w.open();
  EXPECT_EQ(w.get(1), "-");
}

TEST(Engine, ScansLiveRecordsInMemoryAndOnDisk) {
  world w;
  w.open();
  for (std::uint64_t i = 0; i < 20; ++i)
    ASSERT_FALSE(w.put(i, "value"));
  for (int round = 0; round < 2; ++round) {
    std::size_t found = 0;
    w.store().scan(otp::table::recipients, [&found](std::string_view bytes, std::string_view payload) {
      EXPECT_EQ(bytes.size(), 16u);
      EXPECT_EQ(payload, "value");
      ++found;
    });
    EXPECT_EQ(found, 20u);
    w.open();  // from the log to a table file
  }
}

TEST(Engine, RefusesWhenItsQueueIsFull) {
  held_disk d;
  d.w.settings.max_queued = 4;
  d.w.open();
  ASSERT_TRUE(d.block());
  step one = put_step(1, "one");
  std::vector<std::future<error_code>> queued;
  for (int i = 0; i < 4; ++i)
    queued.push_back(d.start(1, one));
  EXPECT_EQ(d.w.store().queued(), 4u);
  step more = put_step(2, "two");
  EXPECT_EQ(d.w.update(2, more), otp::errc::overloaded);
  EXPECT_EQ(more.runs, 0);
  d.files->release();
  for (auto& done : queued)
    EXPECT_FALSE(done.get());
  EXPECT_EQ(d.w.get(2), "-");
  EXPECT_FALSE(d.w.update(2, more));
}

TEST(Engine, ClosingCommitsWhatIsQueued) {
  held_disk d;
  d.w.open();
  ASSERT_TRUE(d.block());
  std::vector<step> steps;
  for (std::uint64_t i = 0; i < 50; ++i)
    steps.push_back(put_step(i, "queued"));
  std::vector<std::future<error_code>> queued;
  for (std::uint64_t i = 0; i < 50; ++i)
    queued.push_back(d.start(i, steps[i]));
  std::thread closing([&d] { d.w.store().close(); });
  d.files->release();
  closing.join();
  for (auto& done : queued)
    EXPECT_FALSE(done.get());
  d.w.open();
  for (std::uint64_t i = 0; i < 50; ++i)
    EXPECT_EQ(d.w.get(i), "queued");
}

TEST(Engine, AClosedStoreIsUnavailable) {
  world w;
  w.open();
  ASSERT_FALSE(w.put(1, "one"));
  w.store().close();
  EXPECT_EQ(w.get(1), "!");
  EXPECT_EQ(w.put(1, "two"), otp::errc::store_unavailable);
  EXPECT_FALSE(w.store().is_open());
  EXPECT_EQ(w.store().estimated_records(otp::table::recipients), 0u);
  EXPECT_EQ(exit_code_of([&w] { w.store().scan(otp::table::recipients, [](auto, auto) {}); }), 74);
  w.store().close();
}

TEST(Engine, ReopeningFindsEverything) {
  for (const auto durable : {durability::power, durability::process}) {
    world w;
    w.settings.store.durability = durable;
    w.open();
    for (std::uint64_t i = 0; i < 100; ++i)
      ASSERT_FALSE(w.put(i, std::to_string(i)));
    w.open();
    EXPECT_FALSE(w.store().recovered().rolled_back) << w.store().recovered().detail;
    EXPECT_EQ(w.store().recovered().epoch, 0u);
    for (std::uint64_t i = 0; i < 100; ++i)
      EXPECT_EQ(w.get(i), std::to_string(i));
  }
}

// A server that stops in a hurry may destroy its loops with answers still on their way.
TEST(Engine, ALoopThatEndsFirstTakesItsUpdatesWithIt) {
  world w;
  w.open();
  {
    boost::asio::io_context loop;
    step one = put_step(1, "one");
    boost::asio::co_spawn(loop, run_step(w.store(), key(1), one), boost::asio::detached);
    loop.poll();
    w.store().close();
  }
  w.open();
  EXPECT_EQ(w.get(1), "one");
}

}  // namespace
}  // namespace otpd::store::test
