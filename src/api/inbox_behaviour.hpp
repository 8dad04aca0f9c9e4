#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "api/inbox_desk.hpp"
#include "json/object.hpp"
#include "json/writer.hpp"
#include "net/form.hpp"
#include "net/message.hpp"

namespace otpd::api {

// The names of failures, at their numbers; "none" first.
inline constexpr std::array<std::string_view, 9> failure_names{
    "none",          "bad_number",    "not_permitted", "rejected", "rate_limited",
    "out_of_credit", "misconfigured", "unavailable",   "unknown"};

// The members of a behaviour in JSON.
inline constexpr std::array<std::string_view, 7> behaviour_members{"delay_ms", "fail",    "hang", "drop",
                                                                   "every",    "percent", "count"};

// A whole behaviour: what is absent is as usual. Each answers the problem itself where it returns false, and
// `into` is then of no use.
// JSON, already read with no members but `behaviour_members`.
[[nodiscard]] bool read_behaviour(const json::object& body, inbox_behaviour& into, net::response& out);
// The form of web/inbox/provider.html: `answer` (accept, drop, hang, or the name of a failure), delay_ms,
// every, percent, count.
[[nodiscard]] bool read_behaviour(std::span<const net::form_field> fields, inbox_behaviour& into,
                                  net::response& out);

// The members, in the form that read_behaviour() takes.
void write_behaviour(json::writer& out, const inbox_behaviour& how);
// The form's `answer`.
[[nodiscard]] std::string_view answer_of(const inbox_behaviour& how) noexcept;

}  // namespace otpd::api
