#pragma once

#include <cstdint>

namespace otpd::sms {

// When a provider may or may not have sent a message.
enum class on_ambiguous : std::uint8_t {
  stop,      // leave it at that
  failover,  // once to another provider: the code is the same, so a second message does no harm
};

}  // namespace otpd::sms
