#include "watch.hpp"

#include <array>

#include "api/problem.hpp"

namespace otpd {

namespace {

// In the order of otp::failure; the first means success.
constexpr std::array<std::string_view, 9> failure_names{"accepted",      "bad_number",   "not_permitted",
                                                        "rejected",      "rate_limited", "out_of_credit",
                                                        "misconfigured", "unavailable",  "unknown"};

// Enough of an id to find its lines, too little to use it.
std::string_view short_id(std::string_view id) {
  return id.substr(0, 8);
}

}  // namespace

loop_watch::loop_watch(metrics::registry& numbers, log& lines, std::size_t loop)
    : numbers_(numbers), lines_(lines), loop_(loop) {}

void loop_watch::on_answer(const api::answered& what) {
  numbers_.operations(loop_).record(static_cast<std::size_t>(what.operation), what.result, what.took);
  const log_level level = what.is_test ? log_level::info : log_level::debug;
  if (!lines_.shows(level)) return;
  const std::string micros = std::to_string(what.took.count() / 1000);
  lines_.write(level, what.is_test ? "test_recipient" : "answered",
               {{"operation", to_string(what.operation)},
                {"result", what.result},
                {"to", what.to},
                {"id", short_id(what.id)},
                {"took_us", micros}});
}

void loop_watch::on_attempt(const sms::attempt& what) noexcept {
  const std::string_view outcome = failure_names[static_cast<std::size_t>(what.failure)];
  numbers_.attempts(loop_).record(numbers_.provider_row(what.provider), outcome, what.duration);
  const bool failed = what.failure != otp::failure::none;
  if (!failed) numbers_.accepted().count(what.provider, what.country);
  const log_level level = failed ? log_level::warn : log_level::debug;
  if (!lines_.shows(level)) return;
  const std::string micros = std::to_string(what.duration.count() / 1000);
  const std::string status = std::to_string(what.status);
  const std::string error = what.error ? what.error.message() : std::string();
  lines_.write(level, "send",
               {{"provider", what.provider},
                {"channel", to_string(what.channel)},
                {"outcome", outcome},
                {"status", status},
                {"error", error},
                {"took_us", micros}});
}

void loop_watch::on_breaker(std::string_view provider, bool of_country,
                            const sms::breaker_change& what) noexcept {
  const std::string wait = std::to_string(what.wait.count());
  lines_.write(what.to == sms::breaker_state::open ? log_level::warn : log_level::info, "breaker",
               {{"provider", provider},
                {"of", of_country ? "country" : "provider"},
                {"from", name_of(what.from)},
                {"to", name_of(what.to)},
                {"why", name_of(what.why)},
                {"wait_ms", wait}});
}

void loop_watch::on_possible_duplicate(otp::channel kind) noexcept {
  numbers_.count_possible_duplicate();
  lines_.write(log_level::info, "possible_duplicate", {{"channel", to_string(kind)}});
}

void loop_watch::on_conversion(std::string_view provider, std::string_view country) noexcept {
  numbers_.conversions().count(provider, country);
}

void store_watch::on_commit(std::size_t updates, std::chrono::nanoseconds took) {
  numbers_.commits().record(took);
  numbers_.count_committed(updates);
}

void store_watch::on_event(std::string_view text) {
  lines_.write(log_level::warn, "store", {{"detail", text}});
}

std::unique_ptr<metrics::registry> make_registry(std::size_t loops, const config& settings) {
  std::vector<std::string_view> operations;
  for (std::size_t i = 0; i < api::operation_count; ++i)
    operations.push_back(to_string(static_cast<api::operation>(i)));
  std::vector<std::string_view> results{"ok", "wrong"};
  for (const std::string_view code : api::problem_codes())
    results.push_back(code);
  std::vector<std::string> providers;
  for (const auto& each : settings.providers)
    providers.push_back(each.name);
  return std::make_unique<metrics::registry>(
      loops, std::move(operations), std::move(results), std::move(providers),
      std::vector<std::string_view>(failure_names.begin(), failure_names.end()));
}

}  // namespace otpd
