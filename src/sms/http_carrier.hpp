#pragma once

#include "net/http_client.hpp"
#include "sms/carrier.hpp"

namespace otpd::sms {

// Messages to a provider that speaks HTTP: the codec writes and reads, the client carries.
class http_carrier final : public carrier {
 public:
  // Both outlive the carrier.
  http_carrier(const provider& codec, net::http_client& client) : codec_(codec), client_(client) {}

  task<handover> hand_over(const rendered_message& message, std::chrono::milliseconds bound) override;

 private:
  const provider& codec_;
  net::http_client& client_;
};

}  // namespace otpd::sms
