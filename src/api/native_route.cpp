#include "api/native_route.hpp"

#include <algorithm>

namespace otpd::api {

namespace {

std::string_view name(net::method method) {
  switch (method) {
    case net::method::get:
      return "GET";
    case net::method::post:
      return "POST";
    case net::method::del:
      return "DELETE";
    default:
      return "";
  }
}

}  // namespace

std::optional<native_path> parse_native_path(std::string_view path) {
  constexpr std::string_view root = "/v1/verifications";
  if (path == "/openapi.yaml") return native_path{resource::description, {}};
  if (!path.starts_with(root)) return std::nullopt;
  path.remove_prefix(root.size());
  if (path.empty()) return native_path{resource::collection, {}};
  if (path == "/check") return native_path{resource::check, {}};
  if (path[0] != '/') return std::nullopt;
  path.remove_prefix(1);
  const auto slash = path.find('/');
  const std::string_view id = path.substr(0, slash);
  if (id.empty()) return std::nullopt;
  if (slash == std::string_view::npos) return native_path{resource::one, id};
  const std::string_view action = path.substr(slash);
  if (action == "/check") return native_path{resource::one_check, id};
  if (action == "/resend") return native_path{resource::one_resend, id};
  return std::nullopt;
}

bool is_served(net::method method, resource what) {
  return std::ranges::any_of(native_routes, [&](const native_route& each) {
    return each.method == method && each.resource == what;
  });
}

std::string allowed_methods(resource what) {
  std::string out;
  for (const native_route& each : native_routes) {
    if (each.resource != what) continue;
    if (!out.empty()) out += ", ";
    out += name(each.method);
    if (each.method == net::method::get) out += ", HEAD";
  }
  return out;
}

}  // namespace otpd::api
