#include "store/database.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <cstring>

#include "store/background_watch.hpp"
#include "store/envelope.hpp"
#include "store/expiry_filter.hpp"
#include "store/radix_memtable.hpp"

namespace otpd::store {

namespace {

constexpr std::string_view store_format = "1";
constexpr unsigned memtable_bits = 18;  // about a bucket for each of the records that fill a memtable

std::string little_endian(std::uint64_t value, std::size_t size) {
  std::string out(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    out[i] = static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

std::uint64_t from_little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 8; ++i) {
    value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[i])) << (8 * i);
  }
  return value;
}

std::string mark_row(const mark& value) {
  return little_endian(value.commits, 8) +
         little_endian(static_cast<std::uint64_t>(value.life.time_since_epoch().count()), 8);
}

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}

rocksdb::DBOptions database_options(rocksdb::Env* env, const std::shared_ptr<background_watch>& background,
                                    rocksdb::WALRecoveryMode mode, bool verify_logs) {
  rocksdb::DBOptions out;
  out.env = env;
  out.create_if_missing = true;
  out.create_missing_column_families = true;
  out.paranoid_checks = true;
  out.max_background_jobs = 2;
  out.max_open_files = -1;
  out.max_file_opening_threads = 1;  // of few files; 16 for each column family cost more than they win
  out.recycle_log_file_num = 0;
  out.wal_recovery_mode = mode;
  out.track_and_verify_wals_in_manifest = verify_logs;
  out.allow_concurrent_memtable_write = false;  // one writer, and the memtable does not take more
  out.max_total_wal_size = 64ull << 20;         // what a start after kill -9 has to replay
  out.max_bgerror_resume_count = 0;             // the engine closes and reopens instead (RELIABILITY fact 2)
  out.listeners.push_back(background);
  out.info_log = std::make_shared<silent_log>();
  out.stats_dump_period_sec = 0;
  out.stats_persist_period_sec = 0;
  return out;
}

// Keys are MACs: looked up whole, never scanned in order. So each has a memtable bucket of its own and a
// bloom filter entry.
rocksdb::ColumnFamilyOptions record_options(const std::shared_ptr<rocksdb::Cache>& cache,
                                            const life_clock& clock) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.cache_index_and_filter_blocks = false;  // a few bytes a record, and each lookup saves two locks
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.whole_key_filtering = true;
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;

  rocksdb::ColumnFamilyOptions out;
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  out.memtable_factory = make_radix_memtable(memtable_bits);
  out.write_buffer_size = 64 << 20;
  out.max_write_buffer_number = 4;
  out.compression = rocksdb::kNoCompression;  // MACs and sealed bytes do not compress
  out.level_compaction_dynamic_level_bytes = true;
  out.compaction_filter_factory = make_expiry_filter(clock);
  out.periodic_compaction_seconds = 12 * 3600;
  return out;
}

}  // namespace

database::database(const options& settings, directory& place, const life_clock& clock,
                   std::span<const std::uint8_t, 32> key_check, bool accept_restore, rocksdb::Env* env)
    : settings_(settings),
      place_(place),
      clock_(clock),
      env_(env),
      background_(std::make_shared<background_watch>()) {
  write_options_.sync = settings.durability == durability::power;
  open(accept_restore, key_check);
}

void database::require(const rocksdb::Status& status, const std::string& doing) {
  if (!status.ok()) throw store_error("store: " + doing + ": " + status.ToString(), 74);
}

rocksdb::Status database::try_open(rocksdb::WALRecoveryMode mode, bool verify_logs) {
  const auto cache = rocksdb::NewLRUCache((settings_.cache_mib << 20) / 2);
  const std::vector<rocksdb::ColumnFamilyDescriptor> wanted{
      {rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions{}},
      {"recipients", record_options(cache, clock_)},
      {"limits", record_options(cache, clock_)},
      {"outbox", record_options(cache, clock_)},
      {"accounts", record_options(cache, clock_)},
      {"sessions", record_options(cache, clock_)},
  };
  static_assert(otp::table_count == 5);
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const auto status = rocksdb::DB::Open(database_options(env_, background_, mode, verify_logs),
                                        (place_.path() / "db").string(), wanted, &handles, &opened);
  if (!status.ok()) return status;
  db_.reset(opened);
  for (auto* handle : handles)
    families_.emplace_back(handle);
  return status;
}

void database::open(bool accept_restore, std::span<const std::uint8_t, 32> key_check) {
  std::string lost;
  auto status = try_open(rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords, true);
  if (status.IsCorruption()) {
    lost = status.ToString();
    status = try_open(rocksdb::WALRecoveryMode::kPointInTimeRecovery, true);
  }
  if (status.IsCorruption()) status = try_open(rocksdb::WALRecoveryMode::kPointInTimeRecovery, false);
  require(status, "open");

  check_identity(key_check);
  compare_marks(std::move(lost), accept_restore);
}

// Compares how far the database has come with how far it had come, and takes note of what was lost, once.
void database::compare_marks(std::string lost, bool accept_restore) {
  mark_.epoch = static_cast<std::uint32_t>(from_little_endian(row("epoch")));
  if (const std::string value = row("mark"); value.size() == 16) {
    mark_.commits = from_little_endian(value.substr(0, 8));
    mark_.life =
        otp::instant{otp::milliseconds{static_cast<std::int64_t>(from_little_endian(value.substr(8)))}};
  }
  const mark inside = mark_;
  const auto outside = place_.read_mark();
  if (lost.empty() && !accept_restore) {
    if (!outside && inside.commits > 0) lost = "its mark is missing or damaged";
    if (outside && outside->commits > inside.commits)
      lost = std::to_string(outside->commits - inside.commits) + " commits are missing";
  }
  mark_.commits = std::max(mark_.commits, outside.value_or(inside).commits);
  mark_.life = std::max(mark_.life, outside.value_or(inside).life);
  if (!lost.empty()) {
    recovery_.rolled_back = true;
    recovery_.detail = std::move(lost);
    if (settings_.cancel_pending_on_rollback)
      mark_.epoch = std::max(mark_.epoch, outside.value_or(inside).epoch) + 1;
  }
  recovery_.epoch = mark_.epoch;
  if (mark_ != inside) {
    rocksdb::WriteBatch batch;
    require(batch.Put(families_[0].get(), "epoch", little_endian(mark_.epoch, 4)), "epoch");
    require(batch.Put(families_[0].get(), "mark", mark_row(mark_)), "mark");
    write_rows(batch);
  }
  place_.write_mark(mark_);
}

std::string database::row(std::string_view name) const {
  std::string value;
  const auto found = db_->Get({}, families_[0].get(), slice(name), &value);
  if (!found.IsNotFound()) require(found, std::string(name));
  return value;
}

void database::note_suspect(bool suspect) {
  if (suspect == was_suspect()) return;
  rocksdb::WriteBatch batch;
  require(
      suspect ? batch.Put(families_[0].get(), "suspect", "1") : batch.Delete(families_[0].get(), "suspect"),
      "suspect");
  write_rows(batch);
}

// Synced and in a table file when it returns.
void database::write_rows(rocksdb::WriteBatch& batch) {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  require(db_->Write(synced, &batch), "write");
  require(db_->Flush({}, families_[0].get()), "flush");
}

void database::check_identity(std::span<const std::uint8_t, 32> key_check) {
  const std::string format = row("format");
  if (format.empty()) {
    rocksdb::WriteBatch batch;
    require(batch.Put(families_[0].get(), "format", slice(store_format)), "format");
    require(batch.Put(families_[0].get(), "check",
                      {reinterpret_cast<const char*>(key_check.data()), key_check.size()}),
            "check");
    return write_rows(batch);
  }
  if (format != store_format)
    throw store_error("store " + place_.path().string() + " has format " + format + ", made by a newer otpd",
                      78);
  const std::string check = row("check");
  if (check.size() != key_check.size() || std::memcmp(check.data(), key_check.data(), check.size()) != 0) {
    throw store_error("store " + place_.path().string() + " belongs to another master key", 78);
  }
}

rocksdb::Status database::read(const otp::record_key& key, rocksdb::PinnableSlice& out) const {
  return db_->Get({}, family(key.table), {reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()},
                  &out);
}

rocksdb::Status database::write(rocksdb::WriteBatch& batch, otp::instant life) {
  const mark next{mark_.commits + 1, std::max(mark_.life, life), mark_.epoch};
  auto status = batch.Put(families_[0].get(), "mark", mark_row(next));
  if (status.ok()) status = db_->Write(write_options_, &batch);
  if (status.ok()) mark_ = next;
  return status;
}

bool database::is_ailing() const noexcept {
  return background_->has_failed();
}

void database::verify() const {
  require(db_->VerifyChecksum(), "verify");
  for (std::size_t i = 0; i < otp::table_count; ++i) {
    scan(static_cast<otp::table>(i), [](std::string_view, std::string_view value) {
      if (!open_envelope(value)) throw store_error("store: a record has an unknown format", 74);
    });
  }
}

void database::compact() {
  for (const auto& handle : families_) {
    require(db_->Flush({}, handle.get()), "flush");
    rocksdb::CompactRangeOptions all;
    all.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    require(db_->CompactRange(all, handle.get(), nullptr, nullptr), "compact");
  }
}

std::uint64_t database::estimated_records(otp::table table) const {
  std::uint64_t count = 0;
  db_->GetIntProperty(family(table), rocksdb::DB::Properties::kEstimateNumKeys, &count);
  return count;
}

void database::close() {
  require(db_->SyncWAL(), "sync");
  families_.clear();
  require(db_->Close(), "close");
}

}  // namespace otpd::store
