#pragma once

// RocksDB as the store uses it (RELIABILITY S9, S11). The default column family holds a few rows about the
// store itself:
//
//   format   "1"
//   check    32 bytes derived from the master key: another key is refused
//   epoch    recovery epoch, 4 bytes little endian: raised whenever a rollback is noticed
//   suspect  "1" while the clock is suspect: from one start to the next, until somebody confirms it
//   mark     `commits` and `life` of the newest batch, 8 bytes each, little endian
//
// `format`, `check` and `epoch` are flushed to a table file when they are written, so that losing a log does
// not lose them.

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "otp/ports.hpp"
#include "store/directory.hpp"
#include "store/life_clock.hpp"
#include "store/options.hpp"

namespace otpd::store {

// What happened while a database was opened; for the log.
struct recovery {
  std::uint32_t epoch = 0;
  bool rolled_back = false;  // state was lost: the epoch was raised, if so configured
  std::string detail;
};

class background_watch;

class database {
 public:
  // Opens or makes the database in `place`. Throws store_error.
  // `accept_restore`: the operator knows that a backup was put back; the epoch stays. `env`: a test gives a
  // failing disk.
  database(const options& settings, directory& place, const life_clock& clock,
           std::span<const std::uint8_t, 32> key_check, bool accept_restore,
           rocksdb::Env* env = rocksdb::Env::Default());
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  [[nodiscard]] const recovery& recovered() const noexcept { return recovery_; }
  // True once a flush or a compaction has failed. Nothing but opening the database again helps (RELIABILITY
  // fact 2).
  [[nodiscard]] bool is_ailing() const noexcept;
  // The newest mark, of this database or of its directory.
  [[nodiscard]] mark last_mark() const noexcept { return mark_; }

  // The stored value, envelope and all.
  [[nodiscard]] rocksdb::Status read(const otp::record_key& key, rocksdb::PinnableSlice& out) const;
  // Whether the clock was suspect when it was last said so.
  [[nodiscard]] bool was_suspect() const { return !row("suspect").empty(); }
  // Synced when it returns. Throws store_error.
  void note_suspect(bool suspect);
  // One atomic batch with the mark that follows the last; durable as configured when it returns OK. One
  // thread only.
  [[nodiscard]] rocksdb::Status write(rocksdb::WriteBatch& batch, otp::instant life);
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(otp::table table) const {
    return families_[static_cast<std::size_t>(table) + 1].get();
  }

  // Calls `visit` with each live record of a table. Bounded by the table's size: for start-up and `otpd
  // verify`.
  template <class Visit>
  void scan(otp::table table, Visit visit) const {
    rocksdb::ReadOptions read_options;
    read_options.total_order_seek = true;
    const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(read_options, family(table)));
    for (row->SeekToFirst(); row->Valid(); row->Next())
      visit(row->key().ToStringView(), row->value().ToStringView());
    require(row->status(), "scan");
  }
  // Checks every block's checksum. Throws store_error (74).
  void verify() const;
  // Rewrites every table, dropping what the expiry filter lets go. Throws store_error.
  void compact();
  // Live records, estimated.
  [[nodiscard]] std::uint64_t estimated_records(otp::table table) const;
  // Syncs and closes. Throws store_error.
  void close();

 private:
  void open(bool accept_restore, std::span<const std::uint8_t, 32> key_check);
  [[nodiscard]] rocksdb::Status try_open(rocksdb::WALRecoveryMode mode, bool verify_logs);
  void check_identity(std::span<const std::uint8_t, 32> key_check);
  [[nodiscard]] std::string row(std::string_view name) const;
  void compare_marks(std::string lost, bool accept_restore);
  void write_rows(rocksdb::WriteBatch& batch);
  static void require(const rocksdb::Status& status, const std::string& doing);

  options settings_;
  directory& place_;
  const life_clock& clock_;
  rocksdb::Env* env_;
  std::shared_ptr<background_watch> background_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<std::unique_ptr<rocksdb::ColumnFamilyHandle>>
      families_;  // the first is RocksDB's default; all go before db_
  rocksdb::WriteOptions write_options_;
  mark mark_;
  recovery recovery_;
};

}  // namespace otpd::store
