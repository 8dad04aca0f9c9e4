#pragma once

// What came of a request as one word, for tables and messages.

#include <string>

#include "otp/error.hpp"

namespace otpd::otp::test {

inline std::string word(errc code) {
  switch (code) {
    case errc::invalid_recipient:
      return "invalid_recipient";
    case errc::unknown_profile:
      return "unknown_profile";
    case errc::channel_not_allowed:
      return "channel_not_allowed";
    case errc::country_not_allowed:
      return "country_not_allowed";
    case errc::invalid_code:
      return "invalid_code";
    case errc::id_required:
      return "id_required";
    case errc::not_found:
      return "not_found";
    case errc::expired:
      return "expired";
    case errc::approved:
      return "approved";
    case errc::canceled:
      return "canceled";
    case errc::max_attempts_reached:
      return "max_attempts_reached";
    case errc::rate_limited:
      return "rate_limited";
    case errc::too_many_failures:
      return "too_many_failures";
    case errc::recipient_locked:
      return "recipient_locked";
    case errc::delivery_failed:
      return "delivery_failed";
    case errc::provider_unavailable:
      return "provider_unavailable";
    case errc::invalid_parameters:
      return "invalid_parameters";
    case errc::overloaded:
      return "overloaded";
    case errc::store_unavailable:
      return "store_unavailable";
    case errc::storage_low:
      return "storage_low";
  }
  return "an error without a name";
}

}  // namespace otpd::otp::test
