#include "api/dialects/dialect_router.hpp"

#include "api/dialects/answers.hpp"

namespace otpd::api::dialects {

namespace {

std::string_view allowed_methods(const route& of) {
  return of.method == net::method::get ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
}

// With its trailing slash or without it; an asset of a page has none.
bool is_path(std::string_view path, std::string_view spelled) {
  if (path == spelled) return true;
  return spelled.ends_with('/') && path == spelled.substr(0, spelled.size() - 1);
}

}  // namespace

dialect_router::dialect_router(std::vector<std::unique_ptr<dialect>> all, const cors& allowed)
    : all_(std::move(all)), allowed_(allowed) {}

std::optional<dialect_router::place> dialect_router::find(std::string_view path) const noexcept {
  for (const auto& each : all_) {
    const auto routes = each->routes();
    for (std::size_t i = 0; i < routes.size(); ++i) {
      if (is_path(path, routes[i].path)) return place{each.get(), i};
    }
  }
  return std::nullopt;
}

task<void> dialect_router::serve(place where, const net::request& in, net::response& out) {
  const route& asked = where.by->routes()[where.number];
  const std::string_view methods = allowed_methods(asked);
  if (allowed_.preflight(in, methods, out)) co_return;
  allowed_.allow(in, out);
  if (in.method == net::method::options) {
    out.add_field("Allow", methods);
    co_return;
  }
  const bool fits =
      in.method == asked.method || (asked.method == net::method::get && in.method == net::method::head);
  if (!fits) co_return answer_method_not_allowed(in.method, methods, out);
  // A page of ours may be linked to from anywhere.
  if (asked.method != net::method::get && allowed_.is_foreign(in))
    co_return answer_detail(403, "Requests of other sites' pages are not allowed.", out);
  co_await where.by->serve(where.number, in, out);
}

}  // namespace otpd::api::dialects
