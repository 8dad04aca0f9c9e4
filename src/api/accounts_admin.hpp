#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/accounts.hpp"
#include "auth/attempts.hpp"
#include "json/object.hpp"
#include "net/message.hpp"
#include "otp/profile.hpp"

namespace otpd::api {

// What the calls need. All outlive them.
struct accounts_admin_parts {
  auth::accounts& accounts;
  auth::attempts& attempts;
  const std::vector<otp::profile>& profiles;                 // whose realms there are
  const std::function<std::int64_t(otp::instant)>& unix_ms;  // a moment of the life clock on the wall
  std::vector<std::string> hosts;                            // as in admin_parts
};

// The accounts at the administration listener; docs/accounts.md lists the calls. Addresses are in the bodies
// alone, so that no log of requests has them. No key is asked for: admin guards the calls. One instance per
// event loop.
class accounts_admin {
 public:
  explicit accounts_admin(accounts_admin_parts parts) : parts_(std::move(parts)) {}

  // True for /accounts and its calls.
  [[nodiscard]] static bool owns(std::string_view path) noexcept;
  task<void> serve(const net::request& in, net::response& out);

 private:
  // Whom a call is about.
  struct subject {
    std::string realm;
    otp::recipient who;
  };

  task<void> put(const net::request& in, net::response& out);
  task<void> find(const net::request& in, net::response& out);
  task<void> remove(const net::request& in, net::response& out);
  task<void> unlock(const net::request& in, net::response& out);
  // These answer the problem themselves where they yield nothing.
  [[nodiscard]] std::optional<auth::account_entry> read_entry(const net::request& in, net::response& out);
  [[nodiscard]] std::optional<subject> read_subject(const net::request& in, net::response& out);
  [[nodiscard]] bool read_realm(std::string& into, net::response& out) const;
  [[nodiscard]] bool read_address(std::string_view member, otp::channel kind,
                                  std::optional<otp::recipient>& into, net::response& out) const;
  void answer_account(const auth::account& one, net::response& out) const;

  accounts_admin_parts parts_;
  json::object body_;
};

}  // namespace otpd::api
