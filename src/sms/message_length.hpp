#pragma once

#include <string_view>

#include "otp/profile.hpp"
#include "sms/segments.hpp"

namespace otpd::sms {

struct message_length {
  segment_count on_air;
  std::size_t bytes = 0;  // of UTF-8
};

// How long an SMS of this text gets at most, autofill lines included: the profile's longest code, lifetime
// and app name, and every parameter with as many characters of the widest kind as it may have. Throws what
// message_book throws.
[[nodiscard]] message_length longest_sms(const otp::profile& of, std::string_view text);

}  // namespace otpd::sms
