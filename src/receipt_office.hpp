#pragma once

#include "api/hooks.hpp"
#include "delivery_parts.hpp"
#include "otp/verifier.hpp"

namespace otpd {

// Takes providers' receipts: the provider's reader believes them, the verifier keeps them. One per event
// loop.
class receipt_office final : public api::receipt_desk {
 public:
  // Both outlive it.
  receipt_office(delivery_parts& delivery, otp::verifier& verifier)
      : delivery_(delivery), verifier_(verifier) {}

  task<api::receipt_result> receive(std::string_view provider, const net::request& in) override;

 private:
  delivery_parts& delivery_;
  otp::verifier& verifier_;
};

}  // namespace otpd
