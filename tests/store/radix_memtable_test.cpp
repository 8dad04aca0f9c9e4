// The table in memory against RocksDB's own skip list: the same writes, the same answers.

#include "store/radix_memtable.hpp"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

class database {
 public:
  explicit database(std::shared_ptr<rocksdb::MemTableRepFactory> memtable) {
    std::string name = (fs::temp_directory_path() / "otpd-radix-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    rocksdb::Options options;
    options.create_if_missing = true;
    options.allow_concurrent_memtable_write = false;
    if (memtable) options.memtable_factory = std::move(memtable);
    rocksdb::DB* opened = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, path_.string(), &opened).ok());
    db_.reset(opened);
  }
  database(const database&) = delete;
  database& operator=(const database&) = delete;
  ~database() {
    db_.reset();
    fs::remove_all(path_);
  }

  rocksdb::DB* operator->() { return db_.get(); }

  std::string get(const std::string& key) {
    std::string value;
    const auto status = db_->Get({}, key, &value);
    return status.ok() ? value : status.ToString();
  }
  std::vector<std::string> rows(bool forward) {
    std::vector<std::string> out;
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}));
    for (forward ? row->SeekToFirst() : row->SeekToLast(); row->Valid();
         forward ? row->Next() : row->Prev()) {
      out.push_back(row->key().ToString() + "=" + row->value().ToString());
    }
    return out;
  }
  std::string near(const std::string& key, bool forward) {
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator({}));
    forward ? row->Seek(key) : row->SeekForPrev(key);
    return row->Valid() ? row->key().ToString() + "=" + row->value().ToString() : "none";
  }

 private:
  fs::path path_;
  std::unique_ptr<rocksdb::DB> db_;
};

// Few buckets and short alphabets, so that keys share buckets, first bytes and prefixes of each other.
std::string random_key(std::mt19937& random) {
  std::string key(std::uniform_int_distribution<std::size_t>(1, 18)(random), '\0');
  for (char& c : key)
    c = static_cast<char>(std::uniform_int_distribution<int>(0, 3)(random) * 85);
  return key;
}

void walk(unsigned seed, unsigned bits, int steps) {
  SCOPED_TRACE("seed " + std::to_string(seed) + ", bits " + std::to_string(bits));
  std::mt19937 random(seed);
  database ours(otpd::store::make_radix_memtable(bits));
  database reference(nullptr);
  for (int step = 0; step < steps; ++step) {
    const std::string key = random_key(random);
    switch (random() % 8) {
      case 0:
        ASSERT_TRUE(ours->Delete({}, key).ok() && reference->Delete({}, key).ok());
        break;
      case 1:
        ASSERT_EQ(ours.near(key, true), reference.near(key, true));
        ASSERT_EQ(ours.near(key, false), reference.near(key, false));
        break;
      case 2:
        if (random() % 50 == 0) {
          ASSERT_TRUE(ours->Flush({}).ok() && reference->Flush({}).ok());
        }
        break;
      default: {
        const std::string value = std::to_string(random());
        ASSERT_TRUE(ours->Put({}, key, value).ok() && reference->Put({}, key, value).ok());
      }
    }
    const std::string other = random_key(random);
    ASSERT_EQ(ours.get(other), reference.get(other));
  }
  EXPECT_EQ(ours.rows(true), reference.rows(true));
  EXPECT_EQ(ours.rows(false), reference.rows(false));
}

TEST(RadixMemtable, AnswersAsTheSkipList) {
  for (unsigned seed = 1; seed <= 6; ++seed)
    walk(seed, seed % 3 == 0 ? 1 : 6, 4000);
}

TEST(RadixMemtable, KeepsOldVersionsForSnapshots) {
  database ours(otpd::store::make_radix_memtable(4));
  ASSERT_TRUE(ours->Put({}, "key", "old").ok());
  const rocksdb::Snapshot* before = ours->GetSnapshot();
  ASSERT_TRUE(ours->Put({}, "key", "new").ok());
  rocksdb::ReadOptions then;
  then.snapshot = before;
  std::string value;
  ASSERT_TRUE(ours->Get(then, "key", &value).ok());
  EXPECT_EQ(value, "old");
  EXPECT_EQ(ours.get("key"), "new");
  ours->ReleaseSnapshot(before);
}

}  // namespace
