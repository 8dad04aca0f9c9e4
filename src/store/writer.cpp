// The engine's writer thread: groups, the tick of every second, poisoning and reopening.

#include <algorithm>
#include <chrono>

#include "otp/error.hpp"
#include "store/engine.hpp"
#include "store/envelope.hpp"

namespace otpd::store {

namespace {
using boost::system::error_code;
using steady = std::chrono::steady_clock;

constexpr std::size_t max_group = 4096;
// After the last write the mark moves on for as long as a code could still live.
constexpr auto mark_after_write = std::chrono::hours(25);

rocksdb::Slice key_slice(const otp::record_key& key) {
  return {reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()};
}
}  // namespace

void engine::run_writer() {
  std::vector<commit*> group;
  auto next_tick = steady::now() + settings_.tick_interval;
  while (next_group(group)) {
    if (!group.empty()) write_group(group);
    if (steady::now() >= next_tick) {
      tick();
      next_tick = steady::now() + settings_.tick_interval;
    }
  }
}

// Waits for commits, at most a tick. False: closing, and nothing is left.
bool engine::next_group(std::vector<commit*>& group) {
  group.clear();
  std::unique_lock lock(queue_mutex_);
  if (queue_.empty() && !closing_) {
    writer_waits_ = true;
    queue_filled_.wait_for(lock, settings_.tick_interval, [this] { return !queue_.empty() || closing_; });
    writer_waits_ = false;
  }
  if (queue_.size() <= max_group) {
    group.swap(queue_);
  } else {
    group.assign(queue_.begin(), queue_.begin() + max_group);
    queue_.erase(queue_.begin(), queue_.begin() + max_group);
  }
  queued_.store(queue_.size(), std::memory_order_relaxed);
  return !group.empty() || !closing_;
}

void engine::write_group(std::vector<commit*>& group) {
  if (!is_open()) return finish(group, otp::errc::store_unavailable);
  rocksdb::WriteBatch batch;
  for (const commit* one : group) {
    for (const auto& write : one->set.writes) {
      rocksdb::ColumnFamilyHandle* family = database_->family(write.key.table);
      const rocksdb::Slice key = key_slice(write.key);
      if (!write.value) {
        batch.Delete(family, key);
        continue;
      }
      const auto header = envelope_header(write.expires);
      const std::array<rocksdb::Slice, 2> value{rocksdb::Slice(header.data(), header.size()),
                                                rocksdb::Slice(*write.value)};
      batch.Put(family, rocksdb::SliceParts(&key, 1), rocksdb::SliceParts(value.data(), value.size()));
    }
  }
  const auto begin = steady::now();
  last_write_ = clock_.now().now;
  const auto status = database_->write(batch, last_write_);
  if (!status.ok()) {
    poison(status.ToString());
    return finish(group, otp::errc::store_unavailable);
  }
  directory_.write_mark(database_->last_mark());
  watch_.on_commit(group.size(), steady::now() - begin);
  finish(group, {});
}

void engine::finish(std::vector<commit*>& group, error_code result) {
  for (commit* one : group) {
    one->result = result;
    for (const auto& write : one->set.writes) {
      if (result) {
        overlay_.fail(write, one->sequence);
      } else {
        overlay_.settle(write, one->sequence);
      }
    }
  }
  complete_on_loops(group);
}

void engine::tick() {
  if (!is_open()) return try_reopen();
  const bool room = directory_.has_room();
  if (room && database_->is_ailing()) return poison("a flush or compaction failed");
  if (room != has_room_.exchange(room)) {
    watch_.on_event(room ? "the disk has room again" : "the disk is nearly full: no new verifications");
    if (room) directory_.fill_ballast();
  }
  write_idle_mark();
}

// So that a restart after the wall clock was set back does not make codes live longer.
void engine::write_idle_mark() {
  const otp::instant now = clock_.now().now;
  if (now - last_write_ > mark_after_write || now - database_->last_mark().life < settings_.tick_interval)
    return;
  rocksdb::WriteBatch empty;
  const auto status = database_->write(empty, now);
  if (!status.ok()) return poison(status.ToString());
  directory_.write_mark(database_->last_mark());
}

// What is queued and pending may or may not be on disk, so none of it may be seen any more. The updates
// themselves fail when the writer comes to them.
void engine::poison(const std::string& why) {
  open_.store(false, std::memory_order_release);
  watch_.on_event("the store failed and accepts nothing until it is reopened: " + why);
  directory_.drop_ballast();
  reopen_failures_ = 0;
}

void engine::try_reopen() {
  const auto locks = overlay_.lock_all();
  std::vector<commit*> waiting;
  {
    const std::lock_guard lock(queue_mutex_);
    waiting.swap(queue_);
    queued_.store(0, std::memory_order_relaxed);
  }
  overlay_.clear();
  for (commit* one : waiting)
    one->result = otp::errc::store_unavailable;
  complete_on_loops(waiting);
  try {
    database_.reset();
    constexpr bool accept_restore =
        false;  // whatever is missing now was lost by the disk, not put back by the operator
    database_ = std::make_unique<database>(settings_.store, directory_, clock_, settings_.key_check,
                                           accept_restore, settings_.env);
  } catch (const std::exception& error) {
    watch_.on_event(std::string("the store cannot be reopened: ") + error.what());
    if (++reopen_failures_ == settings_.reopen_limit && settings_.on_fatal) settings_.on_fatal();
    return;
  }
  {
    const std::lock_guard lock(queue_mutex_);
    recovered_ = database_->recovered();
  }
  clock_.restart();
  begin_service();
  watch_.on_event("the store is open again");
}

// The database is open and nobody uses it yet.
void engine::begin_service() {
  clock_.set_epoch(recovered_.epoch);
  has_room_ = directory_.has_room();
  directory_.fill_ballast();
  if (recovered_.rolled_back) watch_.on_event("the store lost state: " + recovered_.detail);
  open_.store(true, std::memory_order_release);
}

}  // namespace otpd::store
