#include "store/radix_memtable.hpp"

#include <rocksdb/slice.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <new>
#include <vector>

namespace otpd::store {

namespace {

using rocksdb::Slice;

constexpr std::size_t trailer_size = 8;  // sequence and type, behind the user's key in an internal key

struct node {
  std::atomic<node*> next{nullptr};
  std::uint64_t order = 0;

  [[nodiscard]] char* entry() noexcept { return reinterpret_cast<char*>(this + 1); }
  [[nodiscard]] const char* entry() const noexcept { return reinterpret_cast<const char*>(this + 1); }
  [[nodiscard]] static node* of(void* entry) noexcept {
    return reinterpret_cast<node*>(static_cast<char*>(entry)) - 1;
  }
};

// The first 8 bytes of a user's key as a number whose order is the keys' order; shorter keys are filled with
// zeros.
std::uint64_t order_of(const Slice& user_key) {
  std::uint64_t value = 0;
  const std::size_t size = std::min<std::size_t>(user_key.size(), 8);
  for (std::size_t i = 0; i < 8; ++i)
    value = value << 8 | (i < size ? static_cast<std::uint8_t>(user_key[i]) : 0);
  return value;
}

class radix_memtable final : public rocksdb::MemTableRep {
 public:
  radix_memtable(const KeyComparator& compare, rocksdb::Allocator* allocator, unsigned bits)
      : MemTableRep(allocator), compare_(compare), shift_(64 - bits), buckets_(std::size_t{1} << bits) {}

  // The node stands before its entry, in one piece of the table's arena.
  rocksdb::KeyHandle Allocate(const size_t size, char** entry) override {
    char* raw = nullptr;
    MemTableRep::Allocate(size + sizeof(node) + alignof(node) - 1, &raw);
    const auto address = (reinterpret_cast<std::uintptr_t>(raw) + alignof(node) - 1) & ~(alignof(node) - 1);
    node* made = new (reinterpret_cast<void*>(address)) node;
    *entry = made->entry();
    return *entry;
  }

  void Insert(rocksdb::KeyHandle handle) override {
    node* fresh = node::of(handle);
    fresh->order = order_of(UserKey(fresh->entry()));
    std::atomic<node*>* link = &bucket(fresh->order);
    node* after = link->load(std::memory_order_relaxed);
    while (after != nullptr && is_before(*after, fresh->order, fresh->entry())) {
      link = &after->next;
      after = link->load(std::memory_order_relaxed);
    }
    fresh->next.store(after, std::memory_order_relaxed);
    link->store(fresh, std::memory_order_release);  // from here on readers see all of it
  }

  bool Contains(const char* key) const override {
    const node* found = lower_bound(order_of(UserKey(key)), key);
    return found != nullptr && compare_(found->entry(), key) == 0;
  }

  size_t ApproximateMemoryUsage() override { return buckets_.size() * sizeof(buckets_[0]); }

  Iterator* GetIterator(rocksdb::Arena* arena) override { return make_iterator(arena, false); }
  // Ends with the bucket of the key it was sent to: all that a lookup needs.
  Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override { return make_iterator(arena, true); }

 private:
  class cursor;

  [[nodiscard]] std::size_t index(std::uint64_t order) const noexcept { return order >> shift_; }
  [[nodiscard]] std::atomic<node*>& bucket(std::uint64_t order) noexcept { return buckets_[index(order)]; }
  [[nodiscard]] const node* head(std::size_t at) const noexcept {
    return buckets_[at].load(std::memory_order_acquire);
  }
  [[nodiscard]] static const node* next(const node* of) noexcept {
    return of->next.load(std::memory_order_acquire);
  }

  [[nodiscard]] bool is_before(const node& one, std::uint64_t order, const char* key) const {
    return one.order != order ? one.order < order : compare_(one.entry(), key) < 0;
  }
  // The first node of the key's bucket that is not before the key.
  [[nodiscard]] const node* lower_bound(std::uint64_t order, const char* key) const {
    const node* at = head(index(order));
    while (at != nullptr && is_before(*at, order, key))
      at = next(at);
    return at;
  }

  Iterator* make_iterator(rocksdb::Arena* arena, bool one_bucket);

  const KeyComparator& compare_;
  const unsigned shift_;
  std::vector<std::atomic<node*>> buckets_;

  // Whoever passes an arena destroys the iterator but does not free it; the arena's type is not public, so
  // the table keeps the memory. Few: flushes and scans.
  std::mutex kept_mutex_;
  std::deque<std::vector<std::max_align_t>> kept_;
};

class radix_memtable::cursor final : public Iterator {
 public:
  cursor(const radix_memtable& table, bool one_bucket) : table_(table), one_bucket_(one_bucket) {}

  [[nodiscard]] static void* of_thread() noexcept {
    alignas(std::max_align_t) thread_local std::array<std::byte, 64> place;
    static_assert(sizeof(cursor) <= 64);
    return place.data();
  }
  static void* operator new(std::size_t size) { return ::operator new(size); }
  static void* operator new(std::size_t, void* at) noexcept { return at; }
  static void operator delete(void* at) noexcept {
    if (at != of_thread()) ::operator delete(at);
  }

  bool Valid() const override { return at_ != nullptr; }
  const char* key() const override { return at_->entry(); }
  void Next() override {
    at_ = next(at_);
    if (at_ == nullptr && !one_bucket_) first_from(bucket_ + 1);
  }
  void Prev() override { last_before(at_->order, at_->entry()); }

  void Seek(const Slice& internal_key, const char* memtable_key) override {
    std::string encoded;
    const std::uint64_t order = order_of(Slice(internal_key.data(), internal_key.size() - trailer_size));
    bucket_ = table_.index(order);
    at_ = table_.lower_bound(order, memtable_key != nullptr ? memtable_key : encode(encoded, internal_key));
    if (at_ == nullptr && !one_bucket_) first_from(bucket_ + 1);
  }
  void SeekForPrev(const Slice& internal_key, const char* memtable_key) override {
    std::string encoded;
    const char* key = memtable_key != nullptr ? memtable_key : encode(encoded, internal_key);
    Seek(internal_key, key);
    if (at_ == nullptr) return SeekToLast();
    if (table_.compare_(at_->entry(), key) > 0) Prev();
  }
  void SeekToFirst() override { first_from(0); }
  void SeekToLast() override { last_of(table_.buckets_.size()); }

 private:
  // As RocksDB writes a key into its tables: the length as a varint, then the key.
  static const char* encode(std::string& out, const Slice& internal_key) {
    std::size_t size = internal_key.size();
    for (; size >= 0x80; size >>= 7)
      out += static_cast<char>(size | 0x80);
    out += static_cast<char>(size);
    out.append(internal_key.data(), internal_key.size());
    return out.data();
  }

  void first_from(std::size_t bucket) {
    at_ = nullptr;
    for (bucket_ = bucket; bucket_ < table_.buckets_.size() && at_ == nullptr; ++bucket_)
      at_ = table_.head(bucket_);
    if (at_ != nullptr) --bucket_;
  }
  // The last node of the buckets before `bucket`.
  void last_of(std::size_t bucket) {
    at_ = nullptr;
    while (bucket > 0 && at_ == nullptr) {
      bucket_ = --bucket;
      for (const node* each = table_.head(bucket); each != nullptr; each = next(each))
        at_ = each;
    }
  }
  void last_before(std::uint64_t order, const char* key) {
    const std::size_t bucket = table_.index(order);
    const node* before = nullptr;
    for (const node* each = table_.head(bucket); each != nullptr && table_.is_before(*each, order, key);
         each = next(each))
      before = each;
    if (before == nullptr) return last_of(bucket);
    bucket_ = bucket;
    at_ = before;
  }

  const radix_memtable& table_;
  const bool one_bucket_;
  std::size_t bucket_ = 0;
  const node* at_ = nullptr;
};

rocksdb::MemTableRep::Iterator* radix_memtable::make_iterator(rocksdb::Arena* arena, bool one_bucket) {
  // MemTableRep::Get() of RocksDB 7.8 forgets the one it asks for: each thread looks up with the same.
  if (arena == nullptr && one_bucket) return new (cursor::of_thread()) cursor(*this, one_bucket);
  if (arena == nullptr) return new cursor(*this, one_bucket);
  constexpr std::size_t pieces = (sizeof(cursor) + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t);
  const std::lock_guard lock(kept_mutex_);
  auto& storage = kept_.emplace_back(pieces);
  return new (storage.data()) cursor(*this, one_bucket);
}

class radix_memtable_factory final : public rocksdb::MemTableRepFactory {
 public:
  explicit radix_memtable_factory(unsigned bits) : bits_(bits) {}

  using MemTableRepFactory::CreateMemTableRep;
  rocksdb::MemTableRep* CreateMemTableRep(const rocksdb::MemTableRep::KeyComparator& compare,
                                          rocksdb::Allocator* allocator, const rocksdb::SliceTransform*,
                                          rocksdb::Logger*) override {
    return new radix_memtable(compare, allocator, bits_);
  }
  const char* Name() const override { return "otpd.radix.1"; }

 private:
  unsigned bits_;
};

}  // namespace

std::shared_ptr<rocksdb::MemTableRepFactory> make_radix_memtable(unsigned bits) {
  return std::make_shared<radix_memtable_factory>(bits);
}

}  // namespace otpd::store
