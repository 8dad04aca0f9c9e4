#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "otp/ports.hpp"

namespace otpd::otp {

// A send that is durable and not begun: all that is needed to send it.
struct queued_send {
  record_key record;
  recipient to;
  std::optional<recipient> fallback;  // an e-mail address, for when no text message can be sent
  const otp::profile* profile = nullptr;
  std::string purpose;
  std::string locale;
  std::vector<message_value> parameters;
  std::uint64_t nonce = 0;
  std::uint8_t send = 0;  // the verification's sends, this one included
  instant expires{};      // of the code
};

// What a sender is told of it, to `to` or to what stands in for it. Views `what` and `to`.
[[nodiscard]] inline outgoing message_without_code(const queued_send& what, const recipient& to) {
  outgoing out{to, *what.profile, what.purpose, what.locale, {}, {}};
  out.parameters = what.parameters;
  return out;
}

// Where durable sends wait to be sent, outside of the request that made them. One per event loop.
class send_queue {
 public:
  virtual ~send_queue() = default;
  // False: full. Asked before anything is promised.
  [[nodiscard]] virtual bool has_room() const noexcept = 0;
  virtual void add(queued_send what) = 0;
};

}  // namespace otpd::otp
