#pragma once

#include <string>

#include "otp/time.hpp"

namespace otpd::otp {

// A recipient of tests and app reviews: nothing is sent to it, its code is always the same, and every limit
// holds. The configuration has made sure that the rule has an end.
struct test_recipient {
  std::string address;  // canonical, as in recipient
  std::string code;     // 4..10 letters or digits
  instant expires{};    // from then on the recipient is one like any other
};

}  // namespace otpd::otp
