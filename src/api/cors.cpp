#include "api/cors.hpp"

#include <algorithm>

#include "net/ascii.hpp"

namespace otpd::api {

bool cors::allows(const net::request& in) const noexcept {
  return in.field_count("Origin") == 1 &&
         std::ranges::find(origins_, in.field_value("Origin")) != origins_.end();
}

bool cors::is_foreign(const net::request& in) const noexcept {
  if (allows(in)) return false;
  // A browser's own word goes first: behind a proxy Host may be another name than the page's.
  if (in.field_count("Sec-Fetch-Site") != 0) {
    const std::string_view site = in.field_value("Sec-Fetch-Site");
    return in.field_count("Sec-Fetch-Site") > 1 || (site != "same-origin" && site != "none");
  }
  if (in.field_count("Origin") == 0) return false;
  const std::string_view origin = in.field_value("Origin");
  const auto scheme = origin.find("://");
  return in.field_count("Origin") > 1 || scheme == origin.npos ||
         !net::equal_without_case(origin.substr(scheme + 3), in.field_value("Host"));
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
