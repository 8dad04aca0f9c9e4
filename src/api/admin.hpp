#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json_object.hpp"
#include "net/message.hpp"
#include "otp/verifier.hpp"

namespace otpd::api {

// What the administration listener can ask of the server. Thread-safe functions.
struct admin_parts {
  std::function<std::vector<std::string>()> why_not_ready;  // empty: ready
  std::function<std::string()> metrics;                     // Prometheus text, version 0.0.4
};

// GET /healthz, /readyz, /metrics; POST /recipients/unlock. Not for the public: it asks for no key.
class admin final : public net::handler {
 public:
  admin(admin_parts parts, otp::verifier& verifier) : parts_(std::move(parts)), verifier_(verifier) {}

  task<void> handle(const net::request& in, net::response& out) override;
  void refuse(unsigned status, std::string_view code, net::response& out) override;

 private:
  void ready(net::response& out) const;
  task<void> unlock(const net::request& in, net::response& out);

  admin_parts parts_;
  otp::verifier& verifier_;
  json_object body_;
};

}  // namespace otpd::api
