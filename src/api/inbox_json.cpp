#include "api/inbox_json.hpp"

#include <chrono>
#include <cstdio>

#include "api/inbox_behaviour.hpp"
#include "json/writer.hpp"

namespace otpd::api {

namespace {

void append_message(std::string& out, const inbox_entry& entry) {
  json::writer json(out);
  json.text("provider", entry.provider);
  json.text("id", "inbox-" + std::to_string(entry.number));
  json.text("at", utc_time(entry.at_ms));
  json.text("channel", otp::to_string(entry.channel));
  json.text("to", entry.to);
  json.text("from", entry.from);
  json.text("subject", entry.subject);
  json.text("text", entry.text);
  json.text("html", entry.html);
  json.text("code", entry.code);
  json.text("locale", entry.locale);
  json.text("reference", entry.reference);
  json.text("outcome", entry.outcome);
  json.text("failure", failure_names[static_cast<std::size_t>(entry.failure)]);
  json.end();
}

void append_provider(std::string& out, const inbox_state& provider) {
  json::writer json(out);
  json.text("name", provider.name);
  write_behaviour(json, provider.behaviour);
  json.number("accepted", static_cast<std::int64_t>(provider.counts.accepted));
  json.number("late", static_cast<std::int64_t>(provider.counts.late));
  json.number("refused", static_cast<std::int64_t>(provider.counts.refused));
  json.number("hung", static_cast<std::int64_t>(provider.counts.hung));
  json.number("dropped", static_cast<std::int64_t>(provider.counts.dropped));
  json.end();
}

template <class Range, class Append>
void append_array(std::string& out, const Range& range, Append append) {
  out += '[';
  bool is_first = true;
  for (const auto& each : range) {
    if (!is_first) out += ',';
    is_first = false;
    append(out, each);
  }
  out += ']';
}

}  // namespace

void append_inbox_json(std::string& out, std::span<const inbox_entry> messages,
                       std::span<const inbox_state> providers) {
  out += "{\"messages\":";
  append_array(out, messages, append_message);
  out += ",\"providers\":";
  append_array(out, providers, append_provider);
  out += '}';
}

std::string utc_time(std::int64_t unix_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> moment{std::chrono::milliseconds{unix_ms}};
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{moment - day};
  char text[64];
  const int size =
      std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace otpd::api
