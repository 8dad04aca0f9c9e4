#pragma once

#include <cstdint>
#include <filesystem>

namespace otpd::store {

enum class durability : std::uint8_t {
  power,    // answers after fsync: what was acknowledged survives power loss
  process,  // answers after the write reached the kernel: survives kill -9, not power loss
};

// Where and how records are kept.
struct options {
  std::filesystem::path path = "data";
  store::durability durability = durability::power;
  std::uint64_t cache_mib = 256;     // half for the newest records, half for blocks of table files
  std::uint64_t ballast_mib = 64;    // given up when the disk is full
  std::uint64_t min_free_mib = 256;  // below it no new verification is accepted
  std::uint32_t min_free_percent = 5;
  bool cancel_pending_on_rollback = true;
};

}  // namespace otpd::store
