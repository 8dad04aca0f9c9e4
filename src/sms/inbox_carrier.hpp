#pragma once

#include "sms/carrier.hpp"
#include "sms/inbox.hpp"

namespace otpd::sms {

// Puts messages into an inbox, which answers as its behaviour says: "inbox-<number>", a failure, or silence
// until the bound, which is `unknown` with net::http_errc::timed_out. Where the delay is not within the bound
// the message still arrives, late. Canceled, it is silent at once.
class inbox_carrier final : public carrier {
 public:
  // `box` outlives the carrier.
  inbox_carrier(inbox& box, loop_executor executor) : box_(box), executor_(std::move(executor)) {}

  task<handover> hand_over(const rendered_message& message, std::chrono::milliseconds bound) override;

 private:
  task<boost::system::error_code> pause(std::chrono::milliseconds how_long);

  inbox& box_;
  loop_executor executor_;
};

}  // namespace otpd::sms
