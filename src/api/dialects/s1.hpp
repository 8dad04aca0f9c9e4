#pragma once

#include "api/dialects/dialect.hpp"

namespace otpd::api::dialects {

// System s1: a phone number is verified for one of several purposes (docs/migrating.md).
class s1 final : public dialect {
 public:
  s1(const dialect_parts& parts, const otp::profile& policy) : parts_(parts), policy_(policy) {}

  [[nodiscard]] std::span<const route> routes() const noexcept override;
  task<void> serve(std::size_t number, const net::request& in, net::response& out) override;

 private:
  task<void> send(const net::request& in, net::response& out);
  task<void> verify(const net::request& in, net::response& out);

  dialect_parts parts_;
  const otp::profile& policy_;
};

}  // namespace otpd::api::dialects
