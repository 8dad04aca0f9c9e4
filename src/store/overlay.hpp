#pragma once

#include <array>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "otp/ports.hpp"
#include "store/recent_records.hpp"

namespace otpd::store {

// Record keys are MACs: any eight bytes of one are a hash already.
struct record_key_hash {
  std::size_t operator()(const otp::record_key& key) const noexcept {
    std::size_t out;
    std::memcpy(&out, key.bytes.data() + 8, sizeof out);
    return out ^ static_cast<std::size_t>(key.table);
  }
};

// A write that is queued and not yet durable. `write` lives in its commit until the writer has forgotten it
// here.
struct pending_write {
  const otp::write_set::write* write = nullptr;
  std::uint64_t sequence = 0;  // of its commit
};

// What lies over the database, in shards: the newest pending writes by key, and the values that became
// durable last. Whoever holds a key's shard lock may read and write that key, in the database too, and sees
// every earlier write to it.
class overlay {
 public:
  static constexpr std::size_t shard_count =
      32;  // TSan follows at most 64 locks of a thread, RocksDB's among them

  struct shard {
    explicit shard(std::size_t bytes) : recent(bytes) {}

    std::mutex mutex;
    std::unordered_map<otp::record_key, pending_write, record_key_hash> pending;
    recent_records recent;  // durable; what is pending comes before it
  };

  // Keeps about `bytes` of durable values.
  explicit overlay(std::size_t bytes) {
    for (std::size_t i = 0; i < shard_count; ++i)
      shards_.emplace_back(bytes / shard_count);
  }

  [[nodiscard]] static std::size_t index(const otp::record_key& key) noexcept {
    return key.bytes[0] % shard_count;
  }
  [[nodiscard]] shard& at(std::size_t index) noexcept { return shards_[index]; }
  [[nodiscard]] shard& of(const otp::record_key& key) noexcept { return shards_[index(key)]; }

  // Every shard's lock, in the order in which transitions take them.
  [[nodiscard]] std::array<std::unique_lock<std::mutex>, shard_count> lock_all() {
    std::array<std::unique_lock<std::mutex>, shard_count> locks;
    for (std::size_t i = 0; i < shard_count; ++i)
      locks[i] = std::unique_lock(shards_[i].mutex);
    return locks;
  }

  // A write was queued. The shard's lock is held.
  void put(const otp::write_set::write& write, std::uint64_t sequence) {
    of(write.key).pending[write.key] = {&write, sequence};
  }

  // A write became durable, and its commit ends. Takes the shard's lock.
  void settle(const otp::write_set::write& write, std::uint64_t sequence) {
    shard& part = of(write.key);
    const std::lock_guard lock(part.mutex);
    if (write.value) {
      part.recent.put(write.key, *write.value, write.expires);
    } else {
      part.recent.erase(write.key);
    }
    forget_pending(part, write.key, sequence);
  }

  // A write has failed: what is durable of it nobody knows. Takes the shard's lock.
  void fail(const otp::write_set::write& write, std::uint64_t sequence) {
    shard& part = of(write.key);
    const std::lock_guard lock(part.mutex);
    part.recent.erase(write.key);
    forget_pending(part, write.key, sequence);
  }

  // Every lock is held.
  void clear() {
    for (shard& part : shards_) {
      part.pending.clear();
      part.recent.clear();
    }
  }

 private:
  // A newer write may have taken its place.
  static void forget_pending(shard& part, const otp::record_key& key, std::uint64_t sequence) {
    const auto found = part.pending.find(key);
    if (found != part.pending.end() && found->second.sequence == sequence) part.pending.erase(found);
  }

  std::deque<shard> shards_;  // never moved
};

}  // namespace otpd::store
