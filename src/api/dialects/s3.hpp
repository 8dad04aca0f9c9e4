#pragma once

#include "api/dialects/dialect.hpp"
#include "api/dialects/options.hpp"

namespace otpd::api::dialects {

// System s3: a code by phone number, exchanged for an access and a refresh token (docs/migrating.md).
class s3 final : public dialect {
 public:
  // References outlive it.
  s3(const dialect_parts& parts, const otp::profile& policy, const s3_options& options)
      : parts_(parts), policy_(policy), options_(options) {}

  [[nodiscard]] std::span<const route> routes() const noexcept override;
  task<void> serve(std::size_t number, const net::request& in, net::response& out) override;

 private:
  task<void> create(const net::request& in, net::response& out);
  task<void> verify(const net::request& in, net::response& out);
  task<void> refresh(const net::request& in, net::response& out);

  dialect_parts parts_;
  const otp::profile& policy_;
  const s3_options& options_;
};

}  // namespace otpd::api::dialects
