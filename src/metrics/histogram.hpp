#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace otpd::metrics {

// Latencies in buckets from 100 microseconds to 10 seconds. Written by one thread, read by any.
class histogram {
 public:
  static constexpr std::array<double, 16> bounds_s{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                   0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};

  void record(std::chrono::nanoseconds took) noexcept;
  // Adds `other`'s counts to this one's.
  void add(const histogram& other) noexcept;
  // Appends the Prometheus lines of one histogram. `labels`: `a="b"`, or empty.
  void write(std::string& out, std::string_view name, std::string_view labels) const;

 private:
  std::array<std::atomic<std::uint64_t>, bounds_s.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_ns_{0};
};

// One more, without a locked instruction: there is one writer.
inline void add_one(std::atomic<std::uint64_t>& to, std::uint64_t by = 1) noexcept {
  to.store(to.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

}  // namespace otpd::metrics
