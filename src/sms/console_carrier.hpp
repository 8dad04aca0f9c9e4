#pragma once

#include "sms/carrier.hpp"
#include "sms/console.hpp"

namespace otpd::sms {

// Messages to a developer's terminal: `unavailable` if that is broken.
class console_carrier final : public carrier {
 public:
  // `out` outlives the carrier.
  explicit console_carrier(console& out) : out_(out) {}

  task<handover> hand_over(const rendered_message& message, std::chrono::milliseconds) override {
    handover done;
    done.failure = out_.print(message) ? otp::failure::none : otp::failure::unavailable;
    co_return done;
  }

 private:
  console& out_;
};

}  // namespace otpd::sms
