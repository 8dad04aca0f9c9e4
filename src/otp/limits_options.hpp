#pragma once

#include <chrono>

#include "otp/bucket.hpp"

namespace otpd::otp {

// Which buckets a request must pass beside its profile's own.
struct limits_options {
  rate client_ip{60, std::chrono::minutes{1}};
  rate prefix{100, std::chrono::hours{1}};  // a phone number without its last four digits
  rate country{1000, std::chrono::minutes{1}};
  rate api_key{1000, std::chrono::seconds{1}};
  rate server{10000, std::chrono::seconds{1}};
  rate recipient_per_day{10, std::chrono::hours{24}};
  rate failures_per_ip{100, std::chrono::hours{1}};  // wrong answers
};

}  // namespace otpd::otp
