#include "api/inbox_behaviour.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "api/problem.hpp"
#include "api/request_body.hpp"

namespace otpd::api {

namespace {

constexpr std::uint32_t most_messages = 1'000'000;

std::optional<std::uint32_t> number_in(std::string_view text, std::uint32_t least, std::uint32_t most) {
  std::uint32_t out = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
  if (out < least || out > most) return std::nullopt;
  return out;
}

bool assign(std::uint32_t& into, std::string_view text, std::uint32_t least, std::uint32_t most) {
  const auto number = number_in(text, least, most);
  into = number.value_or(into);
  return number.has_value();
}

bool assign_failure(std::string_view text, inbox_behaviour& into) {
  const auto found = std::ranges::find(failure_names, text);
  if (found == failure_names.end()) return false;
  into.fail = static_cast<otp::failure>(found - failure_names.begin());
  return true;
}

bool assign_answer(std::string_view text, inbox_behaviour& into) {
  into.drop = text == "drop";
  into.hang = text == "hang";
  return into.drop || into.hang || text == "accept" || (text != "none" && assign_failure(text, into));
}

struct member {
  std::string_view name;
  json::kind kind;
  bool (*assign)(std::string_view text, inbox_behaviour& into);
};

constexpr std::array<member, 7> members{{
    {"delay_ms", json::kind::number,
     [](std::string_view text, inbox_behaviour& into) {
       const auto ms = number_in(text, 0, 60'000);
       into.delay = std::chrono::milliseconds{ms.value_or(0)};
       return ms.has_value();
     }},
    {"fail", json::kind::string, assign_failure},
    {"hang", json::kind::boolean,
     [](std::string_view text, inbox_behaviour& into) {
       into.hang = text == "true";
       return true;
     }},
    {"drop", json::kind::boolean,
     [](std::string_view text, inbox_behaviour& into) {
       into.drop = text == "true";
       return true;
     }},
    {"every", json::kind::number,
     [](std::string_view text, inbox_behaviour& b) { return assign(b.every, text, 1, most_messages); }},
    {"percent", json::kind::number,
     [](std::string_view text, inbox_behaviour& b) { return assign(b.percent, text, 0, 100); }},
    {"count", json::kind::number,
     [](std::string_view text, inbox_behaviour& b) { return assign(b.count, text, 0, most_messages); }},
}};

constexpr bool names_agree() {
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].name != behaviour_members[i]) return false;
  }
  return true;
}
static_assert(names_agree());

}  // namespace

bool read_behaviour(const json::object& body, inbox_behaviour& into, net::response& out) {
  for (const member& each : members) {
    const auto* given = body.find(each.name);
    if (given == nullptr) continue;
    if (given->kind != each.kind || !each.assign(given->text, into))
      return refuse_member("invalid_member", each.name, out);
  }
  const bool fails = into.fail != otp::failure::none;
  if (into.hang && fails) return refuse_member("invalid_member", "hang", out);
  if (into.drop && (fails || into.hang)) return refuse_member("invalid_member", "drop", out);
  return true;
}

bool read_behaviour(std::span<const net::form_field> fields, inbox_behaviour& into, net::response& out) {
  for (const net::form_field& each : fields) {
    if (std::ranges::count(fields, each.name, &net::form_field::name) > 1)
      return refuse_member("duplicate_member", {}, out);
    if (each.name == "answer") {
      if (!assign_answer(each.value, into)) return refuse_member("invalid_member", "answer", out);
      continue;
    }
    const auto known = std::ranges::find(members, each.name, &member::name);
    if (known == members.end() || known->kind != json::kind::number)
      return refuse_member("unknown_member", {}, out);  // not even text, perhaps
    if (!each.value.empty() && !known->assign(each.value, into))
      return refuse_member("invalid_member", each.name, out);
  }
  return true;
}

void write_behaviour(json::writer& out, const inbox_behaviour& how) {
  out.number("delay_ms", how.delay.count());
  out.text("fail", failure_names[static_cast<std::size_t>(how.fail)]);
  out.boolean("hang", how.hang);
  out.boolean("drop", how.drop);
  out.number("every", how.every);
  out.number("percent", how.percent);
  out.number("count", how.count);
}

std::string_view answer_of(const inbox_behaviour& how) noexcept {
  if (how.hang) return "hang";
  if (how.drop) return "drop";
  return how.fail == otp::failure::none ? "accept" : failure_names[static_cast<std::size_t>(how.fail)];
}

}  // namespace otpd::api
