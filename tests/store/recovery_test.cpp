// RELIABILITY S9: whatever happens to the files of a store, it opens or refuses; and if it opens without a
// write that it had acknowledged, its recovery epoch is a new one, so that no code it gave back can be used.

#include <gtest/gtest.h>

#include <random>

#include "store/shelf.hpp"

namespace otpd::store::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t keys = 50;
constexpr std::uint64_t writes = 300;

// A store whose epoch was raised before, with 300 acknowledged writes since; as kill -9 left it.
class Recovery : public testing::Test {
 protected:
  Recovery() {
    { shelf(original_).put(0, "0"); }
    {
      directory place(shelf::in(original_));
      mark ahead = place.read_mark().value();
      ahead.commits += 5;
      place.write_mark(ahead);
    }
    shelf one(original_);
    epoch_ = one.db.recovered().epoch;
    for (std::uint64_t i = 1; i <= writes; ++i)
      one.put(i % keys, std::to_string(i));
    copy_store(original_, base_);
  }

  struct outcome {
    bool opened = false;
    bool lost = false;    // an acknowledged write is missing
    bool raised = false;  // the epoch is new
  };

  // Opens the damaged copy, twice, and holds it to the promise.
  outcome attempt() {
    outcome out;
    std::uint32_t epoch = 0;
    try {
      shelf one(damaged_);
      out.opened = true;
      for (std::uint64_t i = writes - keys + 1; i <= writes; ++i)
        out.lost |= number_in(one.get(i % keys)) < i;
      epoch = one.db.recovered().epoch;
      out.raised = epoch > epoch_;
      EXPECT_EQ(out.raised, one.db.recovered().rolled_back);
      EXPECT_GE(epoch, epoch_);
      EXPECT_TRUE(out.raised || !out.lost) << "an acknowledged write is missing and the epoch stayed";
      one.put(1, "1000");
    } catch (const store_error& error) {
      EXPECT_EQ(error.exit_code, 74) << error.what();
      return out;
    }
    const shelf again(damaged_);
    EXPECT_EQ(again.db.recovered().epoch, epoch) << again.db.recovered().detail;
    EXPECT_EQ(again.get(1), "1000");
    return out;
  }

  void fresh() { copy_store(base_, damaged_); }
  [[nodiscard]] fs::path newest_log() const { return logs_of(damaged_).back(); }

  scratch dir_{quick_root()};
  fs::path original_ = dir_ / "original";
  fs::path base_ = dir_ / "base";
  fs::path damaged_ = dir_ / "damaged";
  std::uint32_t epoch_ = 0;
};

TEST_F(Recovery, AnUndamagedStoreLosesNothing) {
  ASSERT_EQ(epoch_, 1u);
  fresh();
  const outcome out = attempt();
  EXPECT_TRUE(out.opened);
  EXPECT_FALSE(out.lost);
  EXPECT_FALSE(out.raised);
}

TEST_F(Recovery, ALogCutAnywhereNeverGivesAWriteBack) {
  fresh();
  const std::string whole = read_file(newest_log());
  ASSERT_GT(whole.size(), 4096u);
  std::size_t lost = 0;
  for (std::size_t cut = whole.size() - 1; cut > 0;
       cut -= std::min<std::size_t>(cut, cut > whole.size() - 4096 ? 16 : 512)) {
    SCOPED_TRACE(cut);
    fresh();
    write_file(newest_log(), std::string_view(whole).substr(0, cut));
    const outcome out = attempt();
    EXPECT_TRUE(out.opened);
    lost += out.lost;
  }
  EXPECT_GT(lost, 200u);
}

TEST_F(Recovery, ALogCutInItsLastRecordLosesThatAlone) {
  fresh();
  const std::string whole = read_file(newest_log());
  for (std::size_t cut = whole.size() - 1; cut > whole.size() - 64; --cut) {
    SCOPED_TRACE(cut);
    fresh();
    write_file(newest_log(), std::string_view(whole).substr(0, cut));
    const outcome out = attempt();
    EXPECT_TRUE(out.opened);
    EXPECT_TRUE(out.lost);
    EXPECT_TRUE(out.raised);
  }
}

TEST_F(Recovery, AFlippedBitInALogNeverGivesAWriteBack) {
  fresh();
  const std::string whole = read_file(newest_log());
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const std::size_t bit = random() % (whole.size() * 8);
    SCOPED_TRACE(bit);
    fresh();
    std::string bad = whole;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    write_file(newest_log(), bad);
    EXPECT_TRUE(attempt().opened);
  }
}

TEST_F(Recovery, AMissingLogNeverGivesAWriteBack) {
  fresh();
  fs::remove(newest_log());
  const outcome out = attempt();
  EXPECT_TRUE(out.opened);
  EXPECT_TRUE(out.lost);
  EXPECT_TRUE(out.raised);
}

TEST_F(Recovery, AnEmptyLogOrRubbishBehindItIsHarmless) {
  fresh();
  write_file(newest_log(), "");
  EXPECT_TRUE(attempt().raised);
  for (const std::size_t size : {1u, 7u, 100u, 40'000u}) {
    SCOPED_TRACE(size);
    fresh();
    write_file(newest_log(), read_file(newest_log()) + std::string(size, '\x5a'));
    const outcome out = attempt();
    EXPECT_TRUE(out.opened);
    EXPECT_FALSE(out.lost);
  }
}

// Every file but RocksDB's own report, at a sample of offsets: a refusal is in order, silence is not.
TEST_F(Recovery, AFlippedBitInAnyFileNeverGivesAWriteBack) {
  {
    shelf one(base_);
    one.db.compact();
    one.put(3, "1001");
  }
  fresh();
  std::size_t refused = 0;
  std::mt19937 random(2);
  for (const auto& entry : fs::directory_iterator(base_ / "db")) {
    const fs::path name = entry.path().filename();
    if (!entry.is_regular_file() || entry.file_size() == 0 || name.string().starts_with("LOG")) continue;
    const std::string whole = read_file(entry.path());
    for (int round = 0; round < 40; ++round) {
      const std::size_t bit = random() % (whole.size() * 8);
      SCOPED_TRACE(name.string() + " bit " + std::to_string(bit));
      fresh();
      std::string bad = whole;
      bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
      write_file(damaged_ / "db" / name, bad);
      std::optional<outcome> out;
      try {
        shelf one(damaged_);
        // A record that cannot be read is a refusal, too: updates of its key fail.
        const bool raised = one.db.recovered().epoch > epoch_;
        for (std::uint64_t i = writes - keys + 1; i <= writes; ++i) {
          const std::string found = one.get(i % keys);
          EXPECT_TRUE(raised || found == "!" || number_in(found) >= i) << found;
        }
      } catch (const store_error& error) {
        EXPECT_EQ(error.exit_code, 74) << error.what();
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 0u);
}

TEST_F(Recovery, AMissingOlderLogNeverGivesAWriteBack) {
  {
    shelf one(base_);  // its records go to a table file; the default family's stay in the log
    for (std::uint64_t i = 0; i < keys; ++i)
      one.put(i, std::to_string(writes + i));
  }
  fresh();
  for (const auto& log : logs_of(base_)) {
    SCOPED_TRACE(log.string());
    fresh();
    fs::remove(damaged_ / "db" / log.filename());
    attempt();
  }
}

}  // namespace
}  // namespace otpd::store::test
