#pragma once

#include "api/dialects/dialect.hpp"
#include "api/dialects/options.hpp"

namespace otpd::api::dialects {

// System s4: a code by e-mail or mobile number, exchanged for an access token that shows a profile
// (docs/migrating.md). Its page is home_page.
class s4 final : public dialect {
 public:
  // References outlive it.
  s4(const dialect_parts& parts, const otp::profile& policy, const s4_options& options)
      : parts_(parts), policy_(policy), options_(options) {}

  [[nodiscard]] std::span<const route> routes() const noexcept override;
  task<void> serve(std::size_t number, const net::request& in, net::response& out) override;

 private:
  // The two ask for the same: an account comes to be when its address is proven, so nobody learns here
  // whether there is one.
  task<void> send(const net::request& in, net::response& out);
  task<void> verify(const net::request& in, net::response& out);
  task<void> show_profile(const net::request& in, net::response& out);

  dialect_parts parts_;
  const otp::profile& policy_;
  const s4_options& options_;
};

}  // namespace otpd::api::dialects
