#include "api/dialects/session_cookie.hpp"

#include <string>

namespace otpd::api::dialects {

namespace {
constexpr std::string_view name = "sessionid=";
}

std::string_view session_in(const net::request& in) noexcept {
  std::string_view cookies = in.field_count("Cookie") == 1 ? in.field_value("Cookie") : std::string_view();
  std::string_view found;
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    std::string_view each = cookies.substr(0, end);
    while (each.starts_with(' '))
      each.remove_prefix(1);
    if (each.starts_with(name)) {
      if (!found.empty()) return {};
      found = each.substr(name.size());
    }
    cookies.remove_prefix(end == cookies.npos ? cookies.size() : end + 1);
  }
  return found;
}

void set_session(std::string_view token, std::chrono::seconds lifetime, bool is_encrypted,
                 net::response& out) {
  std::string value = std::string(name).append(token);
  value += "; Path=/; Max-Age=" + std::to_string(lifetime.count()) + "; HttpOnly; SameSite=Lax";
  if (is_encrypted) value += "; Secure";
  out.add_field("Set-Cookie", value);
}

}  // namespace otpd::api::dialects
