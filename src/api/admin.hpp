#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/account_calls.hpp"
#include "api/inbox_pages.hpp"
#include "json/object.hpp"
#include "net/message.hpp"
#include "otp/verifier.hpp"

namespace otpd::api {

// What the administration listener can ask of the server. Thread-safe functions.
struct admin_parts {
  std::function<std::vector<std::string>()> why_not_ready;  // empty: ready
  std::function<std::string()> metrics;                     // Prometheus text, version 0.0.4
  // The operator's word on a provider's breaker: "automatic", "forced_open" or "forced_closed". False: there
  // is no such provider or mode.
  std::function<bool(std::string_view provider, std::string_view mode)> force_breaker = {};
  inbox_desk* inbox = nullptr;        // null: there is no inbox provider; outlives the handler
  account_calls* accounts = nullptr;  // null: there are none; outlives the handler
  std::vector<std::string> hosts{};   // what the listener is reached by, for the inbox's pages
};

// GET /healthz, /readyz, /metrics; POST /recipients/unlock; PUT /providers/{name}/breaker; /accounts and
// below (account_calls.hpp); /inbox and below (inbox_pages.hpp). Not for the public: it asks for no key.
class admin final : public net::handler {
 public:
  admin(admin_parts parts, otp::verifier& verifier) : parts_(std::move(parts)), verifier_(verifier) {
    if (parts_.inbox != nullptr) inbox_.emplace(*parts_.inbox, parts_.hosts);
  }

  task<void> handle(const net::request& in, net::response& out) override;
  void refuse(unsigned status, std::string_view code, net::response& out) override;

 private:
  void ready(net::response& out) const;
  task<void> unlock(const net::request& in, net::response& out);
  void force_breaker(const net::request& in, std::string_view provider, net::response& out);

  admin_parts parts_;
  otp::verifier& verifier_;
  std::optional<inbox_pages> inbox_;
  json::object body_;
};

}  // namespace otpd::api
