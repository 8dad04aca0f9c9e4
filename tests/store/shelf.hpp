#pragma once

// A database without an engine: opened, written and read from one thread, thousands of times.

#include <rocksdb/write_batch.h>

#include "store/envelope.hpp"
#include "store/world.hpp"

namespace otpd::store::test {

class shelf {
 public:
  explicit shelf(std::filesystem::path path, bool accept_restore = false)
      : shelf(in(std::move(path)), accept_restore) {}
  shelf(const options& settings, bool accept_restore, std::array<std::uint8_t, 32> key_check = {})
      : place(settings), clock(time), db(settings, place, clock, key_check, accept_restore) {
    clock.start(db.last_mark().life, false);
  }

  static options in(std::filesystem::path path) {
    options out;
    out.path = std::move(path);
    out.durability = durability::process;
    out.cache_mib = 8;
    return out;
  }

  // One acknowledged commit: what the writer thread does for a group of one.
  void put(std::uint64_t number, std::string_view text, otp::instant expires = otp::never) {
    const auto header = envelope_header(expires);
    put_raw(number, std::string(header.data(), header.size()) + std::string(text));
  }
  void put_raw(std::uint64_t number, const std::string& value) {
    const otp::record_key where = key(number);
    rocksdb::WriteBatch batch;
    const rocksdb::Slice name(reinterpret_cast<const char*>(where.bytes.data()), where.bytes.size());
    if (!batch.Put(db.family(where.table), name, value).ok()) throw std::runtime_error("batch");
    if (!db.write(batch, clock.now().now).ok()) throw std::runtime_error("write");
    place.write_mark(db.last_mark());
  }
  // "-" if there is none; "!" if it cannot be read.
  [[nodiscard]] std::string get(std::uint64_t number) const {
    rocksdb::PinnableSlice value;
    const auto status = db.read(key(number), value);
    if (status.IsNotFound()) return "-";
    const auto record = open_envelope({value.data(), value.size()});
    return status.ok() && record ? std::string(record->payload) : "!";
  }
  [[nodiscard]] std::size_t size() const {
    std::size_t count = 0;
    db.scan(otp::table::recipients, [&count](auto, auto) { ++count; });
    return count;
  }

  fake_time time;
  directory place;
  life_clock clock;
  database db;
};

}  // namespace otpd::store::test
