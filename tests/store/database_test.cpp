// Whose store it is, whether it was put back, whether it is whole.

#include "store/database.hpp"

#include <gtest/gtest.h>

#include "store/shelf.hpp"

namespace otpd::store::test {
namespace {

namespace fs = std::filesystem;

// Opens the RocksDB below a store and writes a row about the store itself.
void write_row(const fs::path& path, const std::string& name, const std::string& value) {
  rocksdb::DBOptions plain;
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  const std::string where = (path / "db").string();
  std::vector<std::string> names;
  ASSERT_TRUE(rocksdb::DB::ListColumnFamilies(plain, where, &names).ok());
  for (const auto& one : names)
    families.emplace_back(one, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::Open(plain, where, families, &handles, &db);
  ASSERT_TRUE(status.ok()) << status.ToString();
  EXPECT_TRUE(db->Put({}, name, value).ok());
  for (auto* handle : handles)
    db->DestroyColumnFamilyHandle(handle);
  delete db;
}

TEST(Database, BelongsToOneMasterKey) {
  const scratch dir(quick_root());
  const options settings = shelf::in(dir / "store");
  { shelf(settings, false, {1, 2, 3}).put(1, "one"); }
  EXPECT_EQ(exit_code_of([&] { shelf(settings, false, {1, 2, 4}); }), 78);
  EXPECT_EQ(exit_code_of([&] { shelf(settings, true, {1, 2, 4}); }), 78);
  EXPECT_EQ(shelf(settings, false, {1, 2, 3}).get(1), "one");
}

TEST(Database, RefusesTheFormatOfANewerVersion) {
  const scratch dir(quick_root());
  { shelf(dir / "store").put(1, "one"); }
  write_row(dir / "store", "format", "2");
  EXPECT_EQ(exit_code_of([&] { shelf{dir / "store"}; }), 78);
  write_row(dir / "store", "format", "1");
  EXPECT_EQ(shelf(dir / "store").get(1), "one");
}

TEST(Database, TheEngineRefusesWhatTheDatabaseRefuses) {
  world w;
  w.open();
  w.close();
  w.settings.key_check[0] = 1;
  EXPECT_EQ(exit_code_of([&w] { w.open(); }), 78);
  w.settings.key_check[0] = 0;
  EXPECT_EQ(exit_code_of([&w] { w.open(); }), 0);
}

TEST(Database, NumbersItsCommitsAcrossRestarts) {
  const scratch dir(quick_root());
  for (std::uint64_t round = 1; round <= 3; ++round) {
    shelf one(dir / "store");
    one.put(1, "x");
    one.put(2, "x");
    EXPECT_EQ(one.db.last_mark().commits, 2 * round);
    EXPECT_EQ(one.place.read_mark().value().commits, 2 * round);
    EXPECT_FALSE(one.db.recovered().rolled_back);
  }
}

class Restored : public testing::Test {
 protected:
  Restored() {
    { shelf(dir / "store").put(1, "old"); }
    copy_store(dir / "store", dir / "backup");
    shelf one(dir / "store");
    one.put(1, "new");
    one.put(2, "new");
  }
  // The backup takes the place of the store; the mark beside it stays.
  void restore() {
    fs::remove_all(dir / "store");
    fs::copy(dir / "backup", dir / "store", fs::copy_options::recursive);
  }

  scratch dir{quick_root()};
};

TEST_F(Restored, ABackupRaisesTheEpochOnce) {
  restore();
  {
    const shelf one(dir / "store");
    EXPECT_EQ(one.get(1), "old");
    EXPECT_TRUE(one.db.recovered().rolled_back);
    EXPECT_EQ(one.db.recovered().epoch, 1u);
    EXPECT_EQ(one.db.recovered().detail, "2 commits are missing");
  }
  const shelf again(dir / "store");
  EXPECT_FALSE(again.db.recovered().rolled_back) << again.db.recovered().detail;
  EXPECT_EQ(again.db.recovered().epoch, 1u);
}

TEST_F(Restored, ABackupRaisesItEachTimeItIsRestored) {
  std::uint32_t epoch = 0;
  for (int round = 0; round < 3; ++round) {
    restore();
    const shelf one(dir / "store");
    EXPECT_TRUE(one.db.recovered().rolled_back);
    EXPECT_GT(one.db.recovered().epoch, epoch);
    epoch = one.db.recovered().epoch;
  }
}

TEST_F(Restored, AnAcceptedBackupKeepsTheEpochForGood) {
  restore();
  {
    const shelf one(dir / "store", true);
    EXPECT_FALSE(one.db.recovered().rolled_back);
    EXPECT_EQ(one.db.recovered().epoch, 0u);
  }
  const shelf again(dir / "store");
  EXPECT_FALSE(again.db.recovered().rolled_back) << again.db.recovered().detail;
  EXPECT_EQ(again.db.recovered().epoch, 0u);
}

TEST_F(Restored, PendingVerificationsMayBeKept) {
  restore();
  options settings = shelf::in(dir / "store");
  settings.cancel_pending_on_rollback = false;
  const shelf one(settings, false);
  EXPECT_TRUE(one.db.recovered().rolled_back);
  EXPECT_EQ(one.db.recovered().epoch, 0u);
}

TEST_F(Restored, ABackupOnAnotherMachineRaisesTheEpoch) {
  restore();
  fs::remove(dir / "store.mark");
  const shelf one(dir / "store");
  EXPECT_TRUE(one.db.recovered().rolled_back);
  EXPECT_EQ(one.db.recovered().epoch, 1u);
}

TEST_F(Restored, AnEmptyStoreInItsPlaceRaisesTheEpoch) {
  fs::remove_all(dir / "store");
  const shelf one(dir / "store");
  EXPECT_TRUE(one.db.recovered().rolled_back);
  EXPECT_EQ(one.db.recovered().epoch, 1u);
}

TEST_F(Restored, TheLifeClockDoesNotGoBackWithTheStore) {
  const auto before = shelf(dir / "store").db.last_mark().life;
  restore();
  EXPECT_EQ(shelf(dir / "store").db.last_mark().life, before);
}

TEST(Database, VerifyPassesAWholeStore) {
  const scratch dir(quick_root());
  shelf one(dir / "store");
  for (std::uint64_t i = 0; i < 1000; ++i)
    one.put(i, std::string(100, 'x'));
  EXPECT_NO_THROW(one.db.verify());
  one.db.compact();
  EXPECT_NO_THROW(one.db.verify());
}

TEST(Database, VerifyFindsARecordOfAnUnknownFormat) {
  const scratch dir(quick_root());
  shelf one(dir / "store");
  one.put_raw(1, "\x09 another format");
  EXPECT_EQ(exit_code_of([&one] { one.db.verify(); }), 74);
}

TEST(Database, VerifyFindsEveryFlippedBitOfATable) {
  const scratch dir(quick_root());
  {
    shelf one(dir / "store");
    for (std::uint64_t i = 0; i < 200; ++i)
      one.put(i, std::string(100, 'x'));
    one.db.compact();
  }
  fs::path table;
  for (const auto& file : fs::directory_iterator(dir / "store/db")) {
    if (file.path().extension() == ".sst" && (table.empty() || fs::file_size(file) > fs::file_size(table)))
      table = file.path();
  }
  ASSERT_FALSE(table.empty());
  const std::string good = read_file(table);
  std::size_t unseen = 0;
  for (std::size_t at = 0; at < good.size() / 2; at += 997) {  // the first half: blocks of records
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    write_file(table, bad);
    const int code = exit_code_of([&dir] { shelf(dir / "store").db.verify(); });
    EXPECT_TRUE(code == 74 || code == 0);
    unseen += code == 0;
  }
  EXPECT_EQ(unseen, 0u);
  write_file(table, good);
  EXPECT_NO_THROW(shelf(dir / "store").db.verify());
}

}  // namespace
}  // namespace otpd::store::test
