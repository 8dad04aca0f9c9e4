#pragma once

#include <chrono>
#include <string_view>

#include "net/message.hpp"

namespace otpd::api::dialects {

// The cookie that names a server-side session, as Django calls it: sessionid.

// Its value in a request; empty: none, or more than one.
[[nodiscard]] std::string_view session_in(const net::request& in) noexcept;
// HttpOnly, SameSite=Lax, and Secure where the client's side is encrypted.
void set_session(std::string_view token, std::chrono::seconds lifetime, bool is_encrypted,
                 net::response& out);

}  // namespace otpd::api::dialects
