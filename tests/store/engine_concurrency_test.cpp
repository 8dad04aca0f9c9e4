#include <gtest/gtest.h>

#include <random>

#include "store/envelope.hpp"
#include "store/held_disk.hpp"

namespace otpd::store::test {
namespace {

task<error_code> increment_often(engine& store, otp::record_key which, int times) {
  for (int i = 0; i < times; ++i) {
    const error_code failed = co_await increment(store, which);
    if (failed) co_return failed;
  }
  co_return error_code{};
}

TEST(EngineConcurrency, UpdatesOfOneKeyAreSerialOverAllLoops) {
  for (const auto durable : {durability::power, durability::process}) {
    world w(4);
    w.settings.store.durability = durable;
    w.open();
    std::vector<std::future<error_code>> workers;
    for (std::size_t i = 0; i < 100; ++i) {
      workers.push_back(boost::asio::co_spawn(w.loops[i % 4], increment_often(w.store(), key(i % 3), 100),
                                              boost::asio::use_future));
    }
    for (auto& worker : workers)
      EXPECT_FALSE(worker.get());
    EXPECT_EQ(w.get(0), "3400");
    EXPECT_EQ(w.get(1), "3300");
    EXPECT_EQ(w.get(2), "3300");
    EXPECT_GT(w.log.largest, 1u);
    EXPECT_LT(w.log.groups, 5'000u);
    EXPECT_GE(w.log.updates, 10'000u);
    w.open();
    EXPECT_EQ(w.get(0), "3400");
  }
}

// Each step counts key `from` and writes what it counted to every key of its family as well.
task<error_code> count_and_copy(engine& store, std::uint64_t family, int times) {
  step one([family](auto current, otp::write_set& out) {
    const std::string next = std::to_string(number_in(current) + 1);
    for (std::uint64_t i = 0; i < 4; ++i)
      out.put(key(family * 10 + i), next, otp::never);
  });
  for (int i = 0; i < times; ++i) {
    const error_code failed = co_await run_step(store, key(family * 10), one);
    if (failed) co_return failed;
  }
  co_return error_code{};
}

std::string stored(const std::filesystem::path& path, std::uint64_t number) {
  options settings;
  settings.path = path;
  const fake_time time;
  life_clock clock(time);
  directory place(settings);
  const std::array<std::uint8_t, 32> check{};
  database db(settings, place, clock, check, false);
  rocksdb::PinnableSlice value;
  if (!db.read(key(number), value).ok()) return "-";
  return std::string(open_envelope(value.ToStringView()).value().payload);
}

// Copies taken at commits, as kill -9 would leave them, hold all of a step or nothing of it.
TEST(EngineConcurrency, AStepOverManyKeysIsAtomic) {
  world w(4);
  w.settings.store.durability = durability::process;
  std::size_t copies = 0;
  std::size_t commits = 0;
  w.log.at_commit = [&] {
    if (++commits % 20 == 0 && copies < 10)
      copy_store(w.settings.store.path, w.dir / ("copy" + std::to_string(copies++)));
  };
  w.open();
  std::vector<std::future<error_code>> workers;
  for (std::uint64_t i = 0; i < 16; ++i) {
    workers.push_back(boost::asio::co_spawn(w.loops[i % 4], count_and_copy(w.store(), i % 2, 100),
                                            boost::asio::use_future));
  }
  for (auto& worker : workers)
    EXPECT_FALSE(worker.get());
  for (std::uint64_t family = 0; family < 2; ++family) {
    for (std::uint64_t i = 0; i < 4; ++i)
      EXPECT_EQ(w.get(family * 10 + i), "800");
  }
  w.log.at_commit = nullptr;
  w.close();
  ASSERT_GT(copies, 0u);
  for (std::size_t copy = 0; copy < copies; ++copy) {
    const auto path = w.dir / ("copy" + std::to_string(copy));
    const std::string first = stored(path, 0);
    for (std::uint64_t i = 1; i < 4; ++i)
      EXPECT_EQ(stored(path, i), first);
  }
}

// Steps that lock the same shards in any order: nobody waits for ever.
TEST(EngineConcurrency, OverlappingStepsDoNotLockEachOtherOut) {
  world w(4);
  w.settings.store.durability = durability::process;
  w.open();
  std::vector<std::unique_ptr<step>> steps;
  std::vector<std::future<error_code>> running;
  std::mt19937 random(20240817);
  for (std::size_t i = 0; i < 2'000; ++i) {
    const std::uint64_t a = random() % 40;
    const std::uint64_t b = random() % 40;
    steps.push_back(std::make_unique<step>([a, b](auto, otp::write_set& out) {
      out.put(key(a), "x", otp::never);
      out.erase(key(b));
    }));
    running.push_back(boost::asio::co_spawn(w.loops[i % 4], run_step(w.store(), key(a), *steps.back()),
                                            boost::asio::use_future));
  }
  for (auto& one : running)
    EXPECT_FALSE(one.get());
}

TEST(EngineConcurrency, WaitingUpdatesShareOneWrite) {
  held_disk d;
  d.w.open();
  ASSERT_TRUE(d.block());
  std::vector<std::unique_ptr<step>> steps;
  std::vector<std::future<error_code>> queued;
  for (std::uint64_t i = 0; i < 200; ++i) {
    steps.push_back(
        std::make_unique<step>([i](auto, otp::write_set& out) { out.put(key(i), "x", otp::never); }));
    queued.push_back(d.start(i, *steps.back()));
  }
  d.files->release();
  for (auto& one : queued)
    EXPECT_FALSE(one.get());
  EXPECT_EQ(d.w.log.groups, 2u);
  EXPECT_EQ(d.w.log.largest, 200u);
}

task<error_code> read_often(engine& store, int times) {
  for (int i = 0; i < times; ++i) {
    const auto found = co_await store.get(key(static_cast<std::uint64_t>(i % 10)));
    if (found.has_error()) co_return found.error();
  }
  co_return error_code{};
}

// Closing under load: every update ends, with success only if it is on disk.
TEST(EngineConcurrency, ClosingUnderLoadEndsEveryUpdate) {
  for (int round = 0; round < 5; ++round) {
    world w(6);
    w.settings.store.durability = durability::process;
    w.open();
    std::vector<std::future<error_code>> workers;
    for (std::uint64_t i = 0; i < 16; ++i) {
      workers.push_back(boost::asio::co_spawn(w.loops[i % 4], increment_often(w.store(), key(i), 1'000'000),
                                              boost::asio::use_future));
    }
    for (std::size_t i = 4; i < 6; ++i) {  // a reader never waits: it keeps its loop to itself
      workers.push_back(
          boost::asio::co_spawn(w.loops[i], read_often(w.store(), 1'000'000'000), boost::asio::use_future));
    }
    ASSERT_TRUE(w.log.next_commit());
    w.store().close();
    for (auto& worker : workers)
      EXPECT_EQ(worker.get(), otp::errc::store_unavailable);
  }
}

}  // namespace
}  // namespace otpd::store::test
