#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace otpd::bench {

// Log-linear: 128 buckets for each power of two, so a value read back is within 0.4 % of one recorded.
// Nanoseconds, up to 2^40 (18 minutes); longer counts as that.
class histogram {
 public:
  void record(std::uint64_t value) {
    counts_[index_of(std::min(value, limit - 1))]++;
    count_++;
    sum_ += value;
    max_ = std::max(max_, value);
  }

  void merge(const histogram& other) {
    for (std::size_t i = 0; i < counts_.size(); i++)
      counts_[i] += other.counts_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    max_ = std::max(max_, other.max_);
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max() const { return max_; }
  [[nodiscard]] double mean() const {
    return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
  }

  // The smallest value that at least `share` of the recorded ones do not exceed; 0 when nothing was recorded.
  [[nodiscard]] std::uint64_t quantile(double share) const {
    const auto rank = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); i++) {
      seen += counts_[i];
      if (seen > rank || (seen == count_ && seen > 0)) return std::min(middle_of(i), max_);
    }
    return 0;
  }

 private:
  static constexpr unsigned bits = 7;
  static constexpr std::uint64_t limit = std::uint64_t{1} << 40;

  static std::size_t index_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > bits + 1 ? width - bits - 1 : 0;
    return (std::size_t{shift} << bits) + static_cast<std::size_t>(value >> shift);
  }
  static std::uint64_t middle_of(std::size_t index) {
    if (index < (2U << bits)) return index;
    const auto shift = (index >> bits) - 1;
    const std::uint64_t low = (index - (shift << bits)) << shift;
    return low + ((std::uint64_t{1} << shift) >> 1);
  }

  std::array<std::uint64_t, (40 - bits + 1) << bits> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace otpd::bench
