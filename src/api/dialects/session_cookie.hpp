#pragma once

#include <chrono>
#include <string_view>

#include "net/message.hpp"

namespace otpd::api::dialects {

// The cookie that names a server-side session, as Django calls it: sessionid.

// Its value in a request; empty: none, or more than one.
[[nodiscard]] std::string_view session_in(const net::request& in) noexcept;
// HttpOnly, SameSite=Lax, and Secure where the request came encrypted.
void set_session(const net::request& in, std::string_view token, std::chrono::seconds lifetime,
                 net::response& out);

}  // namespace otpd::api::dialects
