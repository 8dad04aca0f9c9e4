#pragma once

#include <string>

#include "api/dialects/dialect.hpp"

namespace otpd::api::dialects {

// The front-end page of system s4: register, log in, enter the code, see the profile (web/home). It calls
// s4's routes as any client does.
class home_page final : public dialect {
 public:
  // `policy`: what the page says of codes. Both outlive the page.
  home_page(const otp::profile& policy, const trusted_proxies& proxies);

  [[nodiscard]] std::span<const route> routes() const noexcept override;
  task<void> serve(std::size_t number, const net::request& in, net::response& out) override;

 private:
  const trusted_proxies& proxies_;
  std::string html_;
  std::string css_tag_;
  std::string js_tag_;
};

}  // namespace otpd::api::dialects
