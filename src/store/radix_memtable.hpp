#pragma once

#include <rocksdb/memtablerep.h>

#include <cstddef>
#include <memory>

namespace otpd::store {

// RocksDB's table in memory, for keys that are MACs: uniformly random, looked up whole. The first bits of a
// key choose its bucket, so a lookup is one step, and walking the buckets in their order gives the keys in
// order: a flush has nothing to sort. (RocksDB's own hash tables sort everything when they are flushed, which
// cost a quarter of all CPU; its skip list pays with each insert and lookup.)
//
//   buckets   [0 .. 2^bits)   by the key's first bits
//      |
//      v
//   node      next | first 8 bytes of the key as a number | length-prefixed internal key and value
//
// A bucket's nodes are ordered by that number, and by the whole internal key where it is equal. One writer,
// any number of readers, no locks. Any key works; keys that share their first bits share a bucket and become
// slow.
[[nodiscard]] std::shared_ptr<rocksdb::MemTableRepFactory> make_radix_memtable(unsigned bits);

}  // namespace otpd::store
