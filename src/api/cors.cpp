#include "api/cors.hpp"

#include <algorithm>

namespace otpd::api {

bool cors::allows(const net::request& in) const noexcept {
  return in.field_count("Origin") == 1 &&
         std::ranges::find(origins_, in.field_value("Origin")) != origins_.end();
}

bool cors::is_foreign(const net::request& in) const noexcept {
  const bool is_told = in.field_count("Sec-Fetch-Site") != 0;
  return is_told && in.field_value("Sec-Fetch-Site") == "cross-site" && !allows(in);
}

void cors::allow(const net::request& in, net::response& out) const {
  if (origins_.empty()) return;
  out.add_field("Vary", "Origin");
  if (!allows(in)) return;
  out.add_field("Access-Control-Allow-Origin", in.field_value("Origin"));
  out.add_field("Access-Control-Allow-Credentials", "true");
}

bool cors::preflight(const net::request& in, std::string_view methods, net::response& out) const {
  if (in.method != net::method::options || in.field_count("Access-Control-Request-Method") == 0 ||
      !allows(in))
    return false;
  out.status = 204;
  allow(in, out);
  out.add_field("Access-Control-Allow-Methods", methods);
  out.add_field("Access-Control-Allow-Headers", "Authorization, Content-Type");
  out.add_field("Access-Control-Max-Age", "600");
  return true;
}

}  // namespace otpd::api
