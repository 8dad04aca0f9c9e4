#include "metrics/registry.hpp"

#include <algorithm>
#include <cstdio>

namespace otpd::metrics {

namespace {

void write_header(std::string& out, std::string_view name, std::string_view help, std::string_view type) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n");
  out.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + "\"";
}

}  // namespace

table::table(std::span<const std::string_view> rows, std::span<const std::string_view> columns)
    : rows_(rows), columns_(columns), counts_(rows.size() * columns.size()), latencies_(rows.size()) {}

void table::record(std::size_t row, std::string_view column, std::chrono::nanoseconds took) noexcept {
  const auto found = std::ranges::find(columns_, column);
  const std::size_t at =
      found == columns_.end() ? columns_.size() - 1 : static_cast<std::size_t>(found - columns_.begin());
  add_one(counts_[row * columns_.size() + at]);
  latencies_[row].record(took);
}

void table::add(const table& other) noexcept {
  for (std::size_t i = 0; i < counts_.size(); ++i)
    add_one(counts_[i], other.counts_[i].load(std::memory_order_relaxed));
  for (std::size_t i = 0; i < latencies_.size(); ++i)
    latencies_[i].add(other.latencies_[i]);
}

void table::write(std::string& out, std::string_view name, std::string_view row_label,
                  std::string_view column_label, std::string_view help) const {
  const std::string total = std::string(name) + "_total";
  write_header(out, total, help, "counter");
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      const std::uint64_t count = counts_[row * columns_.size() + column].load(std::memory_order_relaxed);
      // The first column is always shown, so that a rate exists before the first event.
      if (count == 0 && column != 0) continue;
      out.append(total).append("{").append(label(row_label, rows_[row])).append(",");
      out.append(label(column_label, columns_[column]))
          .append("} ")
          .append(std::to_string(count))
          .append("\n");
    }
  }
  const std::string seconds = std::string(name) + "_seconds";
  write_header(out, seconds, help, "histogram");
  for (std::size_t row = 0; row < rows_.size(); ++row)
    latencies_[row].write(out, seconds, label(row_label, rows_[row]));
}

registry::registry(std::size_t loops, std::vector<std::string_view> operations,
                   std::vector<std::string_view> results, std::vector<std::string> providers,
                   std::vector<std::string_view> failures)
    : operation_names_(std::move(operations)),
      results_(std::move(results)),
      providers_(std::move(providers)),
      provider_names_(providers_.begin(), providers_.end()),
      failures_(std::move(failures)) {
  for (std::size_t i = 0; i < loops; ++i) {
    operations_.push_back(std::make_unique<table>(operation_names_, results_));
    attempts_.push_back(std::make_unique<table>(provider_names_, failures_));
  }
}

void pair_counter::count(std::string_view first, std::string_view second) {
  std::pair<std::string, std::string> key(first, second.empty() ? "none" : second);
  const std::lock_guard lock(mutex_);
  if (counts_.size() >= most_pairs && !counts_.contains(key)) key = {"other", "other"};
  ++counts_[key];
}

void pair_counter::write(std::string& out, std::string_view name, std::string_view first_label,
                         std::string_view second_label, std::string_view help) const {
  write_header(out, name, help, "counter");
  const std::lock_guard lock(mutex_);
  for (const auto& [key, count] : counts_) {
    out.append(name).append("{").append(label(first_label, key.first)).append(",");
    out.append(label(second_label, key.second)).append("} ").append(std::to_string(count)).append("\n");
  }
}

std::size_t registry::provider_row(std::string_view name) const noexcept {
  const auto found = std::ranges::find(provider_names_, name);
  return found == provider_names_.end() ? 0 : static_cast<std::size_t>(found - provider_names_.begin());
}

std::string registry::text() const {
  std::string out;
  table operations(operation_names_, results_);
  for (const auto& each : operations_)
    operations.add(*each);
  operations.write(out, "otpd_operations", "operation", "result", "Answered calls of the API");
  table attempts(provider_names_, failures_);
  for (const auto& each : attempts_)
    attempts.add(*each);
  attempts.write(out, "otpd_send_attempts", "provider", "outcome", "Messages handed to providers");
  write_header(out, "otpd_store_commit_seconds", "Writes of one group of updates to the store", "histogram");
  commits_.write(out, "otpd_store_commit_seconds", "");
  write_header(out, "otpd_store_updates_total", "Updates that became durable", "counter");
  out.append("otpd_store_updates_total ")
      .append(std::to_string(committed_.load(std::memory_order_relaxed)))
      .append("\n");
  accepted_.write(out, "otpd_accepted_total", "provider", "country", "Messages that providers accepted");
  conversions_.write(out, "otpd_conversions_total", "provider", "country",
                     "Codes that were entered, by who had carried them");
  write_header(out, "otpd_possible_duplicates_total", "Messages that may have been sent twice", "counter");
  out.append("otpd_possible_duplicates_total ")
      .append(std::to_string(possible_duplicates_.load(std::memory_order_relaxed)))
      .append("\n");
  std::string_view last;
  for (const gauge& each : gauges_) {
    if (each.name != last) write_header(out, each.name, each.help, each.is_counter ? "counter" : "gauge");
    last = each.name;
    std::array<char, 40> value{};
    std::snprintf(value.data(), value.size(), "%.17g", each.read());
    out.append(each.name);
    if (!each.labels.empty()) out.append("{").append(each.labels).append("}");
    out.append(" ").append(value.data()).append("\n");
  }
  return out;
}

}  // namespace otpd::metrics
