#pragma once

#include <array>
#include <string>
#include <string_view>

#include "api/api_keys.hpp"
#include "api/cors.hpp"
#include "auth/tokens.hpp"
#include "json/object.hpp"
#include "net/message.hpp"

namespace otpd::api {

struct token_route {
  net::method method;
  std::string_view path;  // as docs/openapi.yaml writes it
};

// Everything that is served. A test holds it against docs/openapi.yaml.
inline constexpr std::array token_routes{
    token_route{net::method::post, "/v1/tokens/refresh"},
    token_route{net::method::post, "/v1/tokens/revoke"},
    token_route{net::method::post, "/v1/tokens/introspect"},
    token_route{net::method::get, "/.well-known/jwks.json"},
};

// What the token calls of every loop share. All outlive them.
struct token_call_parts {
  const api_keys& keys;
  const cors& origins;
  const auth::token_policy& policy;
  std::string jwks;  // the public keys, as a JSON document
};

// The native tokens' calls (docs/api.md). To refresh and to revoke, the token itself is the credential, so
// apps call these two without an API key; to introspect, a key is needed. One per event loop.
class token_calls {
 public:
  token_calls(token_call_parts parts, auth::tokens& tokens) : parts_(std::move(parts)), tokens_(tokens) {}

  [[nodiscard]] static bool serves(std::string_view path) noexcept;
  // Fills `out`. Both references live until the task ends.
  task<void> handle(const net::request& in, net::response& out);

 private:
  task<void> refresh(const net::request& in, net::response& out);
  task<void> revoke(const net::request& in, net::response& out);
  task<void> introspect(const net::request& in, net::response& out);

  token_call_parts parts_;
  auth::tokens& tokens_;
  json::object body_;  // valid until the next await
};

}  // namespace otpd::api
