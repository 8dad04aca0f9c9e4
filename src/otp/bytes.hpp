#pragma once

#include <cassert>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "otp/time.hpp"

namespace otpd::otp {

// What stored formats are made of. Integers are little endian.
class byte_writer {
 public:
  template <std::integral Integer>
  void integer(Integer value) {
    auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (std::size_t i = 0; i < sizeof bits; ++i)
      out_ += static_cast<char>(static_cast<std::uint64_t>(bits) >> (8 * i) & 0xff);
  }
  void moment(instant value) { integer<std::int64_t>(value.time_since_epoch().count()); }
  template <std::unsigned_integral Length>
  void text(std::string_view value) {
    assert(value.size() <= static_cast<Length>(-1));
    integer(static_cast<Length>(value.size()));
    out_ += value;
  }
  void raw(std::string_view bytes) { out_ += bytes; }
  void reserve(std::size_t size) { out_.reserve(size); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Reads what byte_writer wrote. After the first thing that does not fit, everything reads as zero or empty.
class byte_reader {
 public:
  explicit byte_reader(std::string_view in) : in_(in) {}

  template <std::integral Integer>
  Integer integer() {
    if (in_.size() < sizeof(Integer)) return fail<Integer>();
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      bits |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(in_[i])) << (8 * i);
    }
    in_.remove_prefix(sizeof(Integer));
    return static_cast<Integer>(bits);
  }
  instant moment() { return instant{milliseconds{integer<std::int64_t>()}}; }
  // An enum whose values go from `first` to `last`.
  template <class Enum>
  Enum choice(Enum first, Enum last) {
    const auto number = integer<std::uint8_t>();
    if (number < static_cast<std::uint8_t>(first) || number > static_cast<std::uint8_t>(last))
      return fail<Enum>();
    return static_cast<Enum>(number);
  }
  // A byte that is this flag or zero.
  bool flag(std::uint8_t known) {
    const auto bits = integer<std::uint8_t>();
    return bits == known || (bits != 0 && fail<bool>());
  }
  template <std::unsigned_integral Length>
  std::string text() {
    return std::string(raw(integer<Length>()));
  }
  std::string_view raw(std::size_t size) {
    if (in_.size() < size) return fail<std::string_view>();
    const std::string_view out = in_.substr(0, size);
    in_.remove_prefix(size);
    return out;
  }
  std::string_view rest() { return raw(in_.size()); }
  std::size_t count(std::size_t most) {
    const std::size_t n = integer<std::uint8_t>();
    return n > most ? fail<std::size_t>() : n;
  }
  [[nodiscard]] bool ok() const { return !failed_; }
  [[nodiscard]] bool at_end() const { return !failed_ && in_.empty(); }

 private:
  template <class T>
  T fail() {
    failed_ = true;
    in_ = {};
    return T{};
  }

  std::string_view in_;
  bool failed_ = false;
};

}  // namespace otpd::otp
