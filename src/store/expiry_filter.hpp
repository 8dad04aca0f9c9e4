#pragma once

#include <rocksdb/compaction_filter.h>

#include <memory>

#include "store/life_clock.hpp"

namespace otpd::store {

// Lets compactions drop records that expired an hour ago and more. Garbage collection only: every read checks
// the expiry itself (RELIABILITY fact 3). What it cannot read it keeps.
[[nodiscard]] std::shared_ptr<rocksdb::CompactionFilterFactory> make_expiry_filter(const life_clock& clock);

}  // namespace otpd::store
