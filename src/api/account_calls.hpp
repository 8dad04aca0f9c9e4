#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/accounts.hpp"
#include "auth/attempts.hpp"
#include "json/object.hpp"
#include "net/message.hpp"
#include "otp/profile.hpp"

namespace otpd::api {

// The accounts at the administration listener (docs/accounts.md): POST /accounts, /accounts/find,
// /accounts/remove, /accounts/unlock. Addresses stand in bodies only, so that no log of paths has them.
// Whoever calls has been let in by api::admin. One per event loop.
class account_calls {
 public:
  using wall_clock = std::function<std::int64_t(otp::instant)>;

  // All outlive it. The realms there are, are those of the profiles.
  account_calls(auth::accounts& accounts, auth::attempts& attempts, const std::vector<otp::profile>& profiles,
                const wall_clock& unix_ms)
      : accounts_(accounts), attempts_(attempts), profiles_(profiles), unix_ms_(unix_ms) {}

  [[nodiscard]] static bool serves(std::string_view path) noexcept;
  // Fills `out`. Both references live until the task ends.
  task<void> handle(const net::request& in, net::response& out);

 private:
  // Whom a call is about.
  struct subject {
    std::string realm;
    otp::recipient who;
  };

  // These answer the problem themselves where they return false.
  [[nodiscard]] bool read_realm(std::string& into, net::response& out) const;
  [[nodiscard]] bool read_entry(const net::request& in, auth::account_entry& into, net::response& out);
  [[nodiscard]] bool read_subject(const net::request& in, subject& into, net::response& out);
  task<void> put(const net::request& in, net::response& out);
  task<void> find(const net::request& in, net::response& out);
  task<void> remove(const net::request& in, net::response& out);
  task<void> unlock(const net::request& in, net::response& out);
  void answer(const auth::account& one, net::response& out) const;

  auth::accounts& accounts_;
  auth::attempts& attempts_;
  const std::vector<otp::profile>& profiles_;
  const wall_clock& unix_ms_;
  json::object body_;  // valid until the next await
};

}  // namespace otpd::api
