#pragma once

#include <array>
#include <cstring>
#include <mutex>
#include <unordered_map>

#include "otp/ports.hpp"

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

// The newest pending writes by key, in shards. Whoever holds a key's shard lock may read and write that key,
// in the database too, and sees every earlier write to it.
class overlay {
 public:
  static constexpr std::size_t shard_count =
      32;  // TSan follows at most 64 locks of a thread, RocksDB's among them

  struct shard {
    std::mutex mutex;
    std::unordered_map<otp::record_key, pending_write, record_key_hash> pending;
  };

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

  // Forgets a durable write, unless a newer one has taken its place. Takes the shard's lock.
  void forget(const otp::record_key& key, std::uint64_t sequence) {
    shard& part = of(key);
    const std::lock_guard lock(part.mutex);
    const auto found = part.pending.find(key);
    if (found != part.pending.end() && found->second.sequence == sequence) part.pending.erase(found);
  }

 private:
  std::array<shard, shard_count> shards_;
};

}  // namespace otpd::store
