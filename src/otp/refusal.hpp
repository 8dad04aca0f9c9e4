#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <boost/throw_exception.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "otp/error.hpp"
#include "otp/message_text.hpp"
#include "otp/time.hpp"

namespace otpd::otp {

// Why a request was refused, and what the caller may be told.
struct refusal {
  errc code;
  milliseconds retry_after{0};  // rate_limited, too_many_failures, overloaded, store_unavailable, storage_low
  std::string_view limit = {};  // rate_limited: which one, static storage
  std::string id = {};          // delivery_failed: the verification that may be sent again
  parameter_fault fault = parameter_fault::none;  // invalid_parameters: what is wrong
  std::string parameter = {};                     // invalid_parameters: with which
};

[[noreturn]] inline void throw_exception_from_error(const refusal&, const boost::source_location& at) {
  boost::throw_exception(std::logic_error("a refused outcome has no value"), at);
}

// What a use case yields.
template <class T>
using outcome = boost::system::result<T, refusal>;

}  // namespace otpd::otp
