// A disk that fails at the n-th append or sync, once or for ever: nothing that was acknowledged is lost,
// nothing is acknowledged that is not on disk, and service comes back with the disk.

#include <gtest/gtest.h>

#include "store/held_disk.hpp"
#include "store/shelf.hpp"

namespace otpd::store::test {
namespace {

constexpr std::uint64_t keys = 5;
constexpr long sweep = 60;

rocksdb::IOStatus no_space() {
  return rocksdb::IOStatus::NoSpace("test", "ENOSPC");
}
rocksdb::IOStatus io_error() {
  return rocksdb::IOStatus::IOError("test", "EIO");
}

// A store on the faulty disk, and the newest number it acknowledged for each key.
struct rig {
  rig() {
    w.settings.env = env.get();
    w.settings.tick_interval = 2ms;
    w.settings.reopen_limit = 1'000'000;
  }

  error_code count(std::uint64_t number) {
    const error_code failed = w.put(number % keys, std::to_string(number));
    if (!failed) acked[number % keys] = number;
    return failed;
  }
  // Everything acknowledged is there, on a healthy disk.
  void inspect() {
    w.close();
    const shelf found(w.settings.store.path);
    EXPECT_FALSE(found.db.recovered().rolled_back) << found.db.recovered().detail;
    found.db.verify();
    for (std::uint64_t i = 0; i < keys; ++i)
      EXPECT_GE(number_in(found.get(i)), acked[i]);
  }

  std::shared_ptr<faulty_files> files = std::make_shared<faulty_files>();
  std::unique_ptr<rocksdb::Env> env = environment_on(files);
  world w{1, quick_root()};
  std::array<std::uint64_t, keys> acked{};
};

// Counts until the store fails; then nothing is acknowledged until it says it is open again.
void fail_and_come_back(long nth, bool for_ever, const rocksdb::IOStatus& how) {
  rig r;
  r.w.open();
  r.files->fail(nth, for_ever, how);
  std::uint64_t number = 0;
  error_code failed;
  while (!failed && number < 200)
    failed = r.count(++number);
  ASSERT_EQ(failed, otp::errc::store_unavailable);
  ASSERT_TRUE(r.files->has_failed());
  if (for_ever) {
    for (int i = 0; i < 20; ++i)
      EXPECT_EQ(r.count(++number), otp::errc::store_unavailable);
    EXPECT_EQ(r.w.get(1), "!");
    EXPECT_FALSE(r.w.store().is_open());
    r.files->heal();
  }
  ASSERT_TRUE(r.w.log.saw("open again"));
  EXPECT_GT(r.w.clock->now().started, r.w.now()) << "what was begun has no outcome any more";
  for (int i = 0; i < 10; ++i)
    EXPECT_FALSE(r.count(++number));
  EXPECT_EQ(r.w.store().recovered().epoch, 0u);
  r.inspect();
}

TEST(Fault, AFullDiskOnce) {
  for (long n = 1; n <= sweep; ++n) {
    SCOPED_TRACE(n);
    fail_and_come_back(n, false, no_space());
  }
}

TEST(Fault, AFullDiskForAWhile) {
  for (long n = 1; n <= sweep; ++n) {
    SCOPED_TRACE(n);
    fail_and_come_back(n, true, no_space());
  }
}

TEST(Fault, AnErrorOnce) {
  for (long n = 1; n <= sweep; ++n) {
    SCOPED_TRACE(n);
    fail_and_come_back(n, false, io_error());
  }
}

TEST(Fault, AnErrorForAWhile) {
  for (long n = 1; n <= sweep; ++n) {
    SCOPED_TRACE(n);
    fail_and_come_back(n, true, io_error());
  }
}

// The disk fails while the store is being opened: a refusal, and all is well once it is healed.
TEST(Fault, OpeningOnAFailingDiskIsRefused) {
  std::size_t refused = 0;
  for (long n = 1; n <= sweep; ++n) {
    for (const bool is_new : {true, false}) {
      SCOPED_TRACE(std::to_string(n) + (is_new ? " new" : " old"));
      rig r;
      if (!is_new) {
        r.w.open();
        for (std::uint64_t i = 1; i <= 10; ++i)
          ASSERT_FALSE(r.count(i));
        r.w.close();
      }
      r.files->fail(n, true, no_space());
      const int code = exit_code_of([&r] { r.w.open(); });
      EXPECT_TRUE(code == 0 || code == 74) << code;
      refused += code == 74;
      r.files->heal();
      if (code == 74) r.w.open();
      r.inspect();
    }
  }
  EXPECT_GT(refused, 10u);
}

// RocksDB's own threads fail; the store notices, and no update waits for a flush that never comes.
TEST(Fault, AFlushThatFails) {
  for (const auto& how : {no_space(), io_error()}) {
    SCOPED_TRACE(how.ToString());
    rig r;
    r.w.open();
    r.files->fail(1, true, how, ".sst");
    const std::string filler(1 << 20, 'x');
    error_code failed;
    std::uint64_t number = 0;
    while (!failed && number < 400) {
      failed = r.w.put(number % keys, std::to_string(number + 1) + filler);
      if (!failed) r.acked[number % keys] = number + 1;
      ++number;
    }
    EXPECT_EQ(failed, otp::errc::store_unavailable);
    ASSERT_TRUE(r.w.log.saw("cannot be reopened"));
    r.files->heal();
    ASSERT_TRUE(r.w.log.saw("open again"));
    EXPECT_FALSE(r.count(1'000));
    r.inspect();
  }
}

TEST(Fault, ADatabaseKnowsThatItsFlushFailed) {
  for (const auto& how : {no_space(), io_error()}) {
    rig r;
    r.w.open();
    r.w.close();
    directory place(r.w.settings.store);
    database db(r.w.settings.store, place, *r.w.clock, r.w.settings.key_check, false, r.env.get());
    rocksdb::WriteBatch batch;
    ASSERT_TRUE(db.write(batch, r.w.now()).ok());
    EXPECT_FALSE(db.is_ailing());
    r.files->fail(1, false, how, ".sst");
    EXPECT_EQ(exit_code_of([&db] { db.compact(); }), 74);
    EXPECT_TRUE(db.is_ailing());
  }
}

TEST(Fault, EverythingQueuedFailsWithTheWriteAndNoneOfItIsSeen) {
  held_disk d;
  d.w.settings.tick_interval = 1h;  // nobody reopens
  d.w.open();
  ASSERT_FALSE(d.w.put(1, "durable"));
  ASSERT_TRUE(d.block());
  std::vector<std::unique_ptr<step>> steps;
  std::vector<std::future<error_code>> queued;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    steps.push_back(
        std::make_unique<step>([i](auto, otp::write_set& out) { out.put(key(i), "pending", otp::never); }));
    queued.push_back(d.start(i, *steps.back()));
  }
  step look([](auto, otp::write_set&) {});
  auto looking = d.start(1, look);
  d.files->fail(1, false, io_error());  // the sync that is being held
  d.files->release();
  for (auto& one : queued)
    EXPECT_EQ(one.get(), otp::errc::store_unavailable);
  EXPECT_EQ(looking.get(), otp::errc::store_unavailable);
  EXPECT_EQ(d.w.get(1), "!");
  step never_run([](auto, otp::write_set&) {});
  EXPECT_EQ(d.w.update(1, never_run), otp::errc::store_unavailable);
  EXPECT_EQ(never_run.runs, 0);
  d.w.close();
  EXPECT_EQ(shelf(d.w.settings.store.path).get(1), "durable");
}

TEST(Fault, ReopeningForgetsWhatWasPending) {
  held_disk d;
  d.w.settings.tick_interval = 2ms;
  d.w.open();
  ASSERT_FALSE(d.w.put(1, "durable"));
  ASSERT_TRUE(d.block());
  step pending([](auto, otp::write_set& out) { out.put(key(1), "pending", otp::never); });
  auto queued = d.start(1, pending);
  d.files->fail(1, false, io_error());
  d.files->release();
  EXPECT_EQ(queued.get(), otp::errc::store_unavailable);
  ASSERT_TRUE(d.w.log.saw("open again"));
  std::string seen;
  step look([&seen](auto current, otp::write_set&) { seen = current.value_or("-"); });
  EXPECT_FALSE(d.w.update(1, look));
  EXPECT_EQ(seen, "durable");
}

TEST(Fault, GivesUpAfterItsLimitOnce) {
  rig r;
  std::atomic<int> fatal{0};
  r.w.settings.reopen_limit = 3;
  r.w.settings.on_fatal = [&fatal] { ++fatal; };
  r.w.open();
  r.files->fail(1, true, io_error());
  EXPECT_TRUE(r.count(1));
  ASSERT_TRUE(r.w.log.saw("cannot be reopened", 6));
  EXPECT_EQ(fatal, 1);
  EXPECT_EQ(r.w.get(1), "!");
  EXPECT_EQ(r.w.store().estimated_records(otp::table::recipients), 0u);
  EXPECT_EQ(exit_code_of([&r] { r.w.store().scan(otp::table::recipients, [](auto, auto) {}); }), 74);
  r.w.close();
}

TEST(Fault, ClosingOnAFailingDiskEndsAtOnce) {
  rig r;
  r.w.open();
  ASSERT_FALSE(r.count(1));
  r.files->fail(1, true, io_error());
  r.w.close();
  r.files->heal();
  r.inspect();
}

TEST(Fault, ClosingAFailedStoreEndsAtOnce) {
  for (const bool reopened_in_vain : {false, true}) {
    rig r;
    if (!reopened_in_vain) r.w.settings.tick_interval = 1h;
    r.w.open();
    r.files->fail(1, true, io_error());
    EXPECT_TRUE(r.count(1));
    EXPECT_TRUE(!reopened_in_vain || r.w.log.saw("cannot be reopened"));
    r.w.close();
    r.files->heal();
    r.inspect();
  }
}

// The operator accepted a backup when the process started, not whatever the disk does afterwards.
TEST(Fault, StateLostWhileReopeningRaisesTheEpoch) {
  rig r;
  r.w.settings.accept_restore = true;
  r.w.settings.tick_interval = 20ms;
  r.w.open();
  for (std::uint64_t i = 1; i <= 20; ++i)
    ASSERT_FALSE(r.count(i));
  r.files->fail(1, true, io_error());
  EXPECT_TRUE(r.count(21));
  const auto log = logs_of(r.w.settings.store.path).back();
  std::filesystem::resize_file(log, std::filesystem::file_size(log) / 2);
  r.files->heal();
  ASSERT_TRUE(r.w.log.saw("open again"));
  EXPECT_EQ(r.w.log.count("lost state"), 1u);
  EXPECT_EQ(r.w.store().recovered().epoch, 1u);
  EXPECT_EQ(r.w.clock->now().epoch, 1u);
}

// With power durability an answer means that a power cut does not take the write back.
TEST(Fault, WhatWasAcknowledgedSurvivesAPowerCut) {
  rig r;
  std::vector<std::array<std::uint64_t, keys>> before;
  std::uint64_t commits = 0;
  r.w.log.at_commit =
      [&] {  // on the writer thread, before anybody is answered; what was answered before is in `before`
        if (++commits % 10 != 0) return;
        r.files->copy_synced(r.w.settings.store.path, r.w.dir / ("cut" + std::to_string(before.size())));
        before.push_back(r.acked);
      };
  r.w.open();
  for (std::uint64_t i = 1; i <= 100; ++i)
    ASSERT_FALSE(r.count(i));
  r.w.close();
  ASSERT_EQ(before.size(), 10u);
  for (std::size_t cut = 0; cut < before.size(); ++cut) {
    const shelf found(r.w.dir / ("cut" + std::to_string(cut)));
    EXPECT_FALSE(found.db.recovered().rolled_back) << found.db.recovered().detail;
    for (std::uint64_t i = 0; i < keys; ++i)
      EXPECT_GE(number_in(found.get(i)), before[cut][i]);
  }
}

}  // namespace
}  // namespace otpd::store::test
