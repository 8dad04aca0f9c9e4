#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "numbers.hpp"

namespace otpd::bench {

// A code of at most 8 characters, packed into one word so that threads can hand it over without a lock.
class packed_code {
 public:
  static constexpr std::size_t max_size = 8;

  constexpr packed_code() = default;
  constexpr explicit packed_code(std::uint64_t word) : word_(word) {}
  explicit packed_code(std::string_view text) { std::memcpy(&word_, text.data(), text.size()); }

  [[nodiscard]] std::uint64_t word() const { return word_; }
  // Writes the characters to `out`, which has room for max_size, and returns how many.
  std::size_t write(char* out) const {
    std::memcpy(out, &word_, max_size);
    std::size_t size = 0;
    while (size < max_size && out[size] != 0)
      size++;
    return size;
  }

 private:
  std::uint64_t word_ = 0;
};

// Where the sink leaves the codes it received, one place for each number of a run. Every member may be called
// by any thread.
class mailbox {
 public:
  // For the `capacity` numbers from index `first` on.
  mailbox(std::uint64_t first, std::size_t capacity) : first_(first), codes_(capacity) {}

  void put(std::uint64_t number, packed_code code) {
    const std::uint64_t place = (number + number_space - first_) % number_space;
    if (place >= codes_.size()) {
      strangers_.fetch_add(1, std::memory_order_relaxed);
    } else if (codes_[place].exchange(code.word(), std::memory_order_release) != 0) {
      repeated_.fetch_add(1, std::memory_order_relaxed);
    } else {
      received_.fetch_add(1, std::memory_order_relaxed);
    }
  }

  // The newest code for number `first + place`; nothing when none has come.
  [[nodiscard]] std::optional<packed_code> code(std::size_t place) const {
    const std::uint64_t word = codes_[place].load(std::memory_order_acquire);
    if (word == 0) return std::nullopt;
    return packed_code{word};
  }

  [[nodiscard]] std::size_t capacity() const { return codes_.size(); }
  // How many numbers have had a message.
  [[nodiscard]] std::uint64_t received() const { return received_.load(std::memory_order_relaxed); }
  // Messages to a number that had one already (a gateway may see a message twice).
  [[nodiscard]] std::uint64_t repeated() const { return repeated_.load(std::memory_order_relaxed); }
  // Messages to a number that is not of this run.
  [[nodiscard]] std::uint64_t strangers() const { return strangers_.load(std::memory_order_relaxed); }

 private:
  std::uint64_t first_;
  std::vector<std::atomic<std::uint64_t>> codes_;
  std::atomic<std::uint64_t> received_ = 0;
  std::atomic<std::uint64_t> repeated_ = 0;
  std::atomic<std::uint64_t> strangers_ = 0;
};

}  // namespace otpd::bench
