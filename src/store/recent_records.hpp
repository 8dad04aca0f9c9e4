#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "otp/ports.hpp"

namespace otpd::store {

// The values that became durable last, in a fixed table, so that a check finds what an issue wrote without a
// look into a table file. A set of four places for each hash; a new value takes the oldest's place. Memory is
// taken from the system as it fills and never given back. Not thread-safe.
class recent_records {
 public:
  // At most about `bytes`, at least one set of 1 KiB.
  explicit recent_records(std::size_t bytes)
      : count_(std::bit_floor(std::max<std::size_t>(bytes / sizeof(set), 1))),
        sets_(std::make_unique_for_overwrite<set[]>(count_)),
        used_(std::make_unique<std::uint8_t[]>(count_)) {}

  // The value while it lives, `nothing` inside if it is known to have expired; no answer if it is not here.
  // The view is valid until the next put() or erase().
  struct found {
    std::optional<std::string_view> value;
  };
  [[nodiscard]] std::optional<found> find(const otp::record_key& key, otp::instant now) const {
    const std::size_t at = set_of(key);
    const place* here = held(sets_[at], used_[at], key);
    if (here == nullptr) return std::nullopt;
    if (here->expires <= now) return found{};
    return found{std::string_view(here->value.data(), here->size)};
  }

  // A value that does not fit is forgotten.
  void put(const otp::record_key& key, std::string_view value, otp::instant expires) {
    const std::size_t at = set_of(key);
    set& in = sets_[at];
    place* here = held(in, used_[at], key);
    if (value.size() > largest_value) {
      if (here != nullptr) here->expires = {}, here->table = gone;
      return;
    }
    if (here == nullptr) here = &in.places[next_place(at)];
    here->key = key.bytes;
    here->table = static_cast<std::uint8_t>(key.table);
    here->expires = expires;
    here->size = static_cast<std::uint8_t>(value.size());
    std::memcpy(here->value.data(), value.data(), value.size());
  }

  void erase(const otp::record_key& key) {
    const std::size_t at = set_of(key);
    if (place* here = held(sets_[at], used_[at], key)) here->table = gone;
  }

  void clear() { std::fill_n(used_.get(), count_, std::uint8_t{0}); }

 private:
  static constexpr std::size_t ways = 4;
  static constexpr std::size_t largest_value = 230;
  static constexpr std::uint8_t gone = 0xff;  // no table has this number

  struct place {
    std::array<std::uint8_t, 16> key;
    otp::instant expires;
    std::uint8_t table;
    std::uint8_t size;
    std::array<char, largest_value> value;
  };
  static_assert(sizeof(place) == 256);
  struct set {
    std::array<place, ways> places;
  };

  // The store's shards have used the first byte.
  [[nodiscard]] std::size_t set_of(const otp::record_key& key) const noexcept {
    std::uint64_t hash = 0;
    std::memcpy(&hash, key.bytes.data() + 8, sizeof hash);
    return hash & (count_ - 1);
  }

  // `used`: how many places were ever filled, in the low half; whose turn it is, in the high half.
  [[nodiscard]] static const place* held(const set& in, std::uint8_t used, const otp::record_key& key) {
    for (std::size_t i = 0; i < (used & 0x0fU); ++i) {
      const place& each = in.places[i];
      if (each.key == key.bytes && each.table == static_cast<std::uint8_t>(key.table)) return &each;
    }
    return nullptr;
  }
  [[nodiscard]] static place* held(set& in, std::uint8_t used, const otp::record_key& key) {
    return const_cast<place*>(held(std::as_const(in), used, key));
  }

  [[nodiscard]] std::size_t next_place(std::size_t at) {
    const std::size_t filled = used_[at] & 0x0fU;
    const std::size_t turn = used_[at] >> 4U;
    if (filled < ways) {
      used_[at] = static_cast<std::uint8_t>(turn << 4U | (filled + 1));
      return filled;
    }
    used_[at] = static_cast<std::uint8_t>((turn + 1) % ways << 4U | filled);
    return turn;
  }

  std::size_t count_;
  std::unique_ptr<set[]> sets_;
  std::unique_ptr<std::uint8_t[]> used_;
};

}  // namespace otpd::store
