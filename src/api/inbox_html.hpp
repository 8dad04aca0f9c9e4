#pragma once

#include <span>
#include <string>

#include "api/inbox_json.hpp"

namespace otpd::api {

// The page of GET /inbox, from the layouts in web/inbox: the newest of `messages`, at most
// most_messages_on_a_page, and a form for each provider. Everything that comes from a message is escaped.
inline constexpr std::size_t most_messages_on_a_page = 100;
void append_inbox_html(std::string& out, std::span<const inbox_entry> messages,
                       std::span<const inbox_state> providers);

}  // namespace otpd::api
