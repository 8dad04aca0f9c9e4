#include "api/inbox_html.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "api/html_text.hpp"
#include "api/inbox_assets.hpp"
#include "api/inbox_behaviour.hpp"

namespace otpd::api {

namespace {

void append_element(std::string& out, std::string_view tag, std::string_view text) {
  if (text.empty()) return;
  out.append("<").append(tag).append(">");
  append_html(out, text);
  out.append("</").append(tag.substr(0, tag.find(' '))).append(">");
}

// A fact with its name, if there is one.
void append_fact(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out += "<div>";
  append_element(out, "dt", name);
  append_element(out, "dd", value);
  out += "</div>";
}

// The text with the code made strong wherever it stands.
void append_text(std::string& out, std::string_view text, std::string_view code) {
  while (!code.empty()) {
    const auto found = text.find(code);
    if (found == text.npos) break;
    append_html(out, text.substr(0, found));
    append_element(out, "strong", code);
    text.remove_prefix(found + code.size());
  }
  append_html(out, text);
}

// In words, what the sender saw.
void append_outcome(std::string& out, const inbox_entry& entry) {
  append_html(out, entry.outcome);
  if (entry.outcome == "refused")
    out.append(": ").append(failure_names[static_cast<std::size_t>(entry.failure)]);
}

void append_message(std::string& out, const inbox_entry& entry) {
  append_layout(out, inbox_message_html(), [&](std::string& to, std::string_view name) {
    if (name == "state") return append_html(to, entry.outcome);
    if (name == "outcome") return append_outcome(to, entry);
    if (name == "code") return append_element(to, "strong class=\"code\"", entry.code);
    if (name == "channel") return append_html(to, entry.channel == otp::channel::sms ? "SMS" : "E-mail");
    if (name == "provider") return append_html(to, entry.provider);
    if (name == "to") return append_html(to, entry.to);
    if (name == "iso") return append_html(to, utc_time(entry.at_ms));
    if (name == "time") return append_html(to, utc_time(entry.at_ms).substr(11, 12));
    if (name == "date") return append_html(to, utc_time(entry.at_ms).substr(0, 10));
    if (name == "subject") return append_element(to, "p class=\"subject\" dir=\"auto\"", entry.subject);
    if (name == "text") return append_text(to, entry.text, entry.code);
    if (name == "facts") {
      append_fact(to, "id", "inbox-" + std::to_string(entry.number));
      append_fact(to, "from", entry.from);
      append_fact(to, "locale", entry.locale);
      return append_fact(to, "reference", entry.reference);
    }
    assert(name == "html");
    if (entry.html.empty()) return;
    to += "<details><summary>HTML part</summary><pre tabindex=\"0\">";
    append_html(to, entry.html);
    to += "</pre></details>";
  });
}

std::string words_of(const inbox_behaviour& how) {
  if (how == inbox_behaviour{}) return "Accepts every message at once.";
  std::string out = how.hang                         ? "Never answers"
                    : how.drop                       ? "Accepts, never delivers"
                    : how.fail == otp::failure::none ? "Accepts"
                                                     : "Refuses: " + std::string{answer_of(how)};
  if (how.delay.count() > 0 && !how.hang) out += ", after " + std::to_string(how.delay.count()) + "\u00a0ms";
  if (how.every > 1) out += "; only every " + std::to_string(how.every) + ". message";
  if (how.percent < 100) out += "; " + std::to_string(how.percent) + "\u00a0% of those";
  if (how.count > 0) out += "; over after " + std::to_string(how.count) + " more";
  return out + ".";
}

void append_answers(std::string& out, const inbox_behaviour& how) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> answers{{
      {"accept", "Accept and deliver"},
      {"drop", "Accept, never deliver"},
      {"hang", "Never answer"},
      {"unavailable", "Refuse: unavailable"},
      {"unknown", "Refuse: unknown"},
      {"rate_limited", "Refuse: rate limited"},
      {"out_of_credit", "Refuse: out of credit"},
      {"misconfigured", "Refuse: misconfigured"},
      {"rejected", "Refuse: rejected"},
      {"not_permitted", "Refuse: not permitted"},
      {"bad_number", "Refuse: bad number"},
  }};
  for (const auto& [value, label] : answers) {
    out.append("<option value=\"").append(value).append(value == answer_of(how) ? "\" selected>" : "\">");
    out.append(label).append("</option>");
  }
}

void append_counts(std::string& out, const inbox_counts& counts) {
  const std::pair<std::string_view, std::uint64_t> all[] = {{"accepted", counts.accepted},
                                                            {"late", counts.late},
                                                            {"refused", counts.refused},
                                                            {"hung", counts.hung},
                                                            {"dropped", counts.dropped}};
  for (const auto& [name, count] : all)
    append_fact(out, name, std::to_string(count));
}

void append_provider(std::string& out, const inbox_state& provider) {
  const inbox_behaviour& how = provider.behaviour;
  append_layout(out, inbox_provider_html(), [&](std::string& to, std::string_view name) {
    if (name == "name") return append_html(to, provider.name);
    if (name == "words") return append_html(to, words_of(how));
    if (name == "mood") return append_html(to, how == inbox_behaviour{} ? "usual" : "scripted");
    if (name == "counts") return append_counts(to, provider.counts);
    if (name == "answers") return append_answers(to, how);
    if (name == "delay_ms") return append_html(to, std::to_string(how.delay.count()));
    if (name == "every") return append_html(to, std::to_string(how.every));
    if (name == "percent") return append_html(to, std::to_string(how.percent));
    assert(name == "count");
    append_html(to, std::to_string(how.count));
  });
}

std::string summary_of(std::size_t shown, std::size_t all) {
  if (all == 0) return "None yet. Start a verification, and its message shows up here.";
  if (shown < all)
    return "The newest " + std::to_string(shown) + " of " + std::to_string(all) + ", newest first.";
  return std::to_string(all) + (all == 1 ? " message." : " messages, newest first.");
}

}  // namespace

void append_inbox_html(std::string& out, std::span<const inbox_entry> messages,
                       std::span<const inbox_state> providers) {
  const auto shown = messages.first(std::min(messages.size(), most_messages_on_a_page));
  append_layout(out, inbox_page_html(), [&](std::string& to, std::string_view name) {
    if (name == "summary") return append_html(to, summary_of(shown.size(), messages.size()));
    if (name == "messages") {
      for (const inbox_entry& each : shown)
        append_message(to, each);
      return;
    }
    assert(name == "providers");
    for (const inbox_state& each : providers)
      append_provider(to, each);
  });
}

}  // namespace otpd::api
