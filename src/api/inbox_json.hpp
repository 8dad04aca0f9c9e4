#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "api/inbox_desk.hpp"

namespace otpd::api {

// One inbox provider, as the pages show it.
struct inbox_state {
  std::string name;
  inbox_behaviour behaviour;
  inbox_counts counts;
};

// {"messages": [...], "providers": [...]}; see docs/delivery.md.
void append_inbox_json(std::string& out, std::span<const inbox_entry> messages,
                       std::span<const inbox_state> providers);

// "2026-11-21T09:30:00.123Z"
[[nodiscard]] std::string utc_time(std::int64_t unix_ms);

}  // namespace otpd::api
