#include "metrics/histogram.hpp"

#include <cstdio>

namespace otpd::metrics {

void histogram::record(std::chrono::nanoseconds took) noexcept {
  const double seconds = static_cast<double>(took.count()) * 1e-9;
  std::size_t bucket = 0;
  while (bucket < bounds_s.size() && seconds > bounds_s[bucket])
    ++bucket;
  add_one(counts_[bucket]);
  add_one(sum_ns_, static_cast<std::uint64_t>(took.count()));
}

void histogram::add(const histogram& other) noexcept {
  for (std::size_t i = 0; i < counts_.size(); ++i)
    add_one(counts_[i], other.counts_[i].load(std::memory_order_relaxed));
  add_one(sum_ns_, other.sum_ns_.load(std::memory_order_relaxed));
}

void histogram::write(std::string& out, std::string_view name, std::string_view labels) const {
  const std::string comma = labels.empty() ? "" : ",";
  const std::string braced = labels.empty() ? "" : "{" + std::string(labels) + "}";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    total += counts_[i].load(std::memory_order_relaxed);
    std::array<char, 32> bound{};
    if (i < bounds_s.size()) {
      std::snprintf(bound.data(), bound.size(), "%g", bounds_s[i]);
    } else {
      std::snprintf(bound.data(), bound.size(), "+Inf");
    }
    out.append(name).append("_bucket{").append(labels).append(comma);
    out.append("le=\"").append(bound.data()).append("\"} ").append(std::to_string(total)).append("\n");
  }
  std::array<char, 40> sum{};
  std::snprintf(sum.data(), sum.size(), "%.9f",
                static_cast<double>(sum_ns_.load(std::memory_order_relaxed)) * 1e-9);
  out.append(name).append("_sum").append(braced).append(" ").append(sum.data()).append("\n");
  out.append(name).append("_count").append(braced).append(" ").append(std::to_string(total)).append("\n");
}

}  // namespace otpd::metrics
