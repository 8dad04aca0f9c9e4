#pragma once

#include <chrono>
#include <cstdint>

namespace otpd::sms {

// When a provider is left alone, and for how long (RELIABILITY S1).
struct breaker_options {
  // No attempt takes longer; a probe without an answer counts as failed after twice that.
  std::chrono::milliseconds call_timeout{10'000};

  // Within 10 s, opens on either share once there were so many calls.
  std::uint32_t minimum_calls = 20;
  std::uint32_t failure_percent = 50;
  std::uint32_t slow_percent = 80;
  std::chrono::milliseconds slow{3'000};   // a call that took longer is slow
  std::uint32_t consecutive_failures = 5;  // opens too, however few calls there are

  // The n-th opening waits first_wait * 2^(n-1), at most longest_wait, +-20 %.
  std::chrono::milliseconds first_wait{5'000};
  std::chrono::milliseconds longest_wait{300'000};

  // Beside the provider's own breaker, one for each country of its recipients.
  bool breaker_per_country = false;
};

}  // namespace otpd::sms
