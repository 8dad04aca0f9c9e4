#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "api/client_address.hpp"
#include "api/desk.hpp"
#include "auth/accounts.hpp"
#include "auth/attempts.hpp"
#include "auth/password_hasher.hpp"
#include "auth/tokens.hpp"
#include "auth/web_sessions.hpp"
#include "net/message.hpp"

namespace otpd::api::dialects {

// One path of a system that otpd stands in for.
struct route {
  net::method method;
  std::string_view path;  // as the system spells it, with its trailing slash; served without it too
};

// What a dialect is made of. One per event loop; all outlive it.
struct dialect_parts {
  api::desk& desk;
  auth::accounts& accounts;
  auth::tokens& tokens;
  auth::attempts& attempts;
  auth::web_sessions& sessions;
  auth::password_hasher& passwords;
  const trusted_proxies& proxies;
};

// One of the five systems: a table of routes, and the words in which it says what came of a request. No rule
// lives here. One instance per event loop.
class dialect {
 public:
  virtual ~dialect() = default;
  [[nodiscard]] virtual std::span<const route> routes() const noexcept = 0;
  // Answers a request for routes()[number], whose method it has (or HEAD for GET). Both references live until
  // the task ends.
  virtual task<void> serve(std::size_t number, const net::request& in, net::response& out) = 0;
};

}  // namespace otpd::api::dialects
