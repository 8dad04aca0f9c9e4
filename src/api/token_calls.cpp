#include "api/token_calls.hpp"

#include <algorithm>

#include "api/identify.hpp"
#include "api/problem.hpp"
#include "api/request_body.hpp"
#include "api/yields.hpp"
#include "json/writer.hpp"

namespace otpd::api {

namespace {

constexpr std::array<std::string_view, 1> refresh_members{"refresh_token"};
constexpr std::array<std::string_view, 1> introspect_members{"token"};

bool read_token(const net::request& in, std::span<const std::string_view, 1> member, json::object& body,
                std::string& into, net::response& out) {
  return read_body(in, member, body, out) && read_required(body, member[0], into, out);
}

}  // namespace

bool token_calls::serves(std::string_view path) noexcept {
  return std::ranges::find(token_routes, path, &token_route::path) != token_routes.end();
}

task<void> token_calls::handle(const net::request& in, net::response& out) {
  const auto route = std::ranges::find(token_routes, in.path, &token_route::path);
  const bool is_read = route->method == net::method::get;
  if (parts_.origins.preflight(in, is_read ? "GET" : "POST", out)) co_return;
  if (parts_.origins.is_foreign(in)) co_return answer_problem({"cross_site"}, out);
  parts_.origins.allow(in, out);
  const bool fits = in.method == route->method || (is_read && in.method == net::method::head);
  if (!fits) {
    answer_problem({"method_not_allowed"}, out);
    out.add_field("Allow", is_read ? "GET, HEAD" : "POST");
    co_return;
  }
  if (route->path == "/v1/tokens/refresh") co_return co_await refresh(in, out);
  if (route->path == "/v1/tokens/revoke") co_return co_await revoke(in, out);
  if (route->path == "/v1/tokens/introspect") co_return co_await introspect(in, out);
  out.content_type = "application/jwk-set+json";
  out.add_field("Cache-Control", "public, max-age=300");
  out.body = parts_.jwks;
}

task<void> token_calls::refresh(const net::request& in, net::response& out) {
  std::string token;
  if (!read_token(in, refresh_members, body_, token, out)) co_return;
  const auto pair = co_await tokens_.refresh(token, parts_.policy);
  if (pair.has_error()) co_return answer_refusal(pair.error(), out);
  out.content_type = "application/json";
  json::writer json(out.body);
  write_tokens(json, *pair);
  json.end();
}

task<void> token_calls::revoke(const net::request& in, net::response& out) {
  std::string token;
  if (!read_token(in, refresh_members, body_, token, out)) co_return;
  const auto done = co_await tokens_.revoke(token, parts_.policy);
  if (done.has_error()) co_return answer_refusal(done.error(), out);
  out.status = 204;
}

// RFC 7662, 2.2: of a token that is not good, nothing else is said.
task<void> token_calls::introspect(const net::request& in, net::response& out) {
  if (!identify(parts_.keys, in, out)) co_return;
  std::string token;
  if (!read_token(in, introspect_members, body_, token, out)) co_return;
  const auto who = co_await tokens_.authenticate(token, parts_.policy);
  const bool is_trouble = who.has_error() && (who.error().code == auth::errc::store_unavailable ||
                                              who.error().code == auth::errc::overloaded);
  if (is_trouble) co_return answer_refusal(who.error(), out);
  out.content_type = "application/json";
  json::writer json(out.body);
  json.boolean("active", who.has_value());
  if (who.has_value()) {
    json.text("sub", who->account.id);
    json.text("realm", who->account.realm);
    json.number("iat", who->claims.issued_s);
    json.number("exp", who->claims.expires_s);
  }
  json.end();
}

}  // namespace otpd::api
