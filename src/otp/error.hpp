#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace otpd::otp {

// Why a use case was refused. Each maps to one stable `code` of docs/api.md.
enum class errc {
  invalid_recipient = 1,  // not an address we can send to
  unknown_profile,        // the configuration has no such profile
  channel_not_allowed,    // the profile or the recipient does not allow the channel, or nothing delivers it
  country_not_allowed,    // the profile does not send to the phone's country
  invalid_code,           // not of the profile's length and alphabet; not judged
  id_required,            // an independent profile cannot be checked by recipient
  not_found,              // no such verification, or none of this subject
  expired,                // its lifetime is over
  approved,               // it was approved already
  canceled,               // it was canceled
  max_attempts_reached,   // its attempts are used up
  rate_limited,           // a limit is reached; the refusal names it
  too_many_failures,      // the subject's wrong answers within the hour are used up; not judged
  recipient_locked,       // too many wrong answers in a row; only an administrator unlocks
  delivery_failed,        // no provider took the message
  provider_unavailable,   // no provider may be tried now: each has just failed too often
  invalid_parameters,     // the message does not take these parameters, or lacks one
  overloaded,             // a bounded queue is full
  store_unavailable,      // the store cannot acknowledge a write
  storage_low,            // too little disk space for new verifications
};

[[nodiscard]] const boost::system::error_category& otp_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc value) noexcept {
  return {static_cast<int>(value), otp_category()};
}

}  // namespace otpd::otp

template <>
struct boost::system::is_error_code_enum<otpd::otp::errc> : std::true_type {};
