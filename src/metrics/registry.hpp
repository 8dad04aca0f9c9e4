#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/histogram.hpp"

namespace otpd::metrics {

// How often each (row, column) happened, and how long each row took: operations by result, providers by
// failure class. One writer thread; read by any.
class table {
 public:
  // Both label lists live as long as the table.
  table(std::span<const std::string_view> rows, std::span<const std::string_view> columns);

  // An unknown column counts as the last.
  void record(std::size_t row, std::string_view column, std::chrono::nanoseconds took) noexcept;
  void add(const table& other) noexcept;
  // Counters `<name>_total{row_label, column_label}` and histograms `<name>_seconds{row_label}`.
  void write(std::string& out, std::string_view name, std::string_view row_label,
             std::string_view column_label, std::string_view help) const;

 private:
  std::span<const std::string_view> rows_;
  std::span<const std::string_view> columns_;
  std::vector<std::atomic<std::uint64_t>> counts_;
  std::vector<histogram> latencies_;
};

// A number that is read when somebody asks.
struct gauge {
  std::string name;
  std::string help;
  bool is_counter = false;
  std::function<double()> read;  // thread-safe
  std::string labels = {};       // `provider="acme"`; gauges of one name are added one after the other
};

// How often each pair of labels happened, where the pairs are not known beforehand: at most `most_pairs`, the
// others count as "other". Thread-safe; for what happens less often than requests.
class pair_counter {
 public:
  static constexpr std::size_t most_pairs = 4096;

  void count(std::string_view first, std::string_view second);
  // Counters `<name>{first_label, second_label}`.
  void write(std::string& out, std::string_view name, std::string_view first_label,
             std::string_view second_label, std::string_view help) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::uint64_t, std::less<>> counts_;
};

// Everything that /metrics shows (Prometheus text format 0.0.4). Each loop writes tables of its own, so
// counting costs no shared cache line.
class registry {
 public:
  registry(std::size_t loops, std::vector<std::string_view> operations, std::vector<std::string_view> results,
           std::vector<std::string> providers, std::vector<std::string_view> failures);

  [[nodiscard]] table& operations(std::size_t loop) noexcept { return *operations_[loop]; }
  [[nodiscard]] table& attempts(std::size_t loop) noexcept { return *attempts_[loop]; }
  // The row of a provider in attempts().
  [[nodiscard]] std::size_t provider_row(std::string_view name) const noexcept;
  // Written by the store's writer thread.
  [[nodiscard]] histogram& commits() noexcept { return commits_; }
  void count_committed(std::uint64_t updates) noexcept { add_one(committed_, updates); }
  // By provider and country.
  [[nodiscard]] pair_counter& accepted() noexcept { return accepted_; }
  [[nodiscard]] pair_counter& conversions() noexcept { return conversions_; }
  void count_possible_duplicate() noexcept { possible_duplicates_.fetch_add(1, std::memory_order_relaxed); }

  // Before anyone calls text().
  void add(gauge one) { gauges_.push_back(std::move(one)); }

  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::string_view> operation_names_;
  std::vector<std::string_view> results_;
  std::vector<std::string> providers_;
  std::vector<std::string_view> provider_names_;
  std::vector<std::string_view> failures_;
  std::vector<std::unique_ptr<table>> operations_;
  std::vector<std::unique_ptr<table>> attempts_;
  histogram commits_;
  std::atomic<std::uint64_t> committed_{0};
  std::atomic<std::uint64_t> possible_duplicates_{0};
  pair_counter accepted_;
  pair_counter conversions_;
  std::vector<gauge> gauges_;
};

}  // namespace otpd::metrics
