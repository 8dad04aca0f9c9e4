#pragma once

#include "api/dialects/dialect.hpp"

namespace otpd::api::dialects {

// System s0: a phone number is verified, and its employee marked (docs/migrating.md). Employees are the
// accounts of the profile's realm.
class s0 final : public dialect {
 public:
  s0(const dialect_parts& parts, const otp::profile& policy) : parts_(parts), policy_(policy) {}

  [[nodiscard]] std::span<const route> routes() const noexcept override;
  task<void> serve(std::size_t number, const net::request& in, net::response& out) override;

 private:
  task<void> generate(const net::request& in, net::response& out);
  task<void> verify(const net::request& in, net::response& out);

  dialect_parts parts_;
  const otp::profile& policy_;
};

}  // namespace otpd::api::dialects
