#pragma once

#include <boost/system/error_code.hpp>

#include "net/http_call.hpp"
#include "otp/ports.hpp"

namespace otpd::sms {

// What HTTP says when the provider itself has not said more. Every codec falls back on these, so that one
// status means one thing.

// There was no answer: `unavailable` if the provider cannot have seen the request, else `unknown`.
[[nodiscard]] otp::failure failure_of(const boost::system::error_code& transport) noexcept;

// The provider refused: 401 403 405 and redirects `misconfigured`; 402 `out_of_credit`; 408, 425 and 503 with
// Retry-After `unavailable`; 429 `rate_limited`; any other 4xx `rejected`; any other 5xx `unknown`, it may
// have sent the message. A 2xx that the codec does not take for success is `rejected`.
[[nodiscard]] otp::failure failure_of_status(const net::http_answer& answer) noexcept;

// Where the message is then: `sent`, `failed` or `unknown`.
[[nodiscard]] otp::delivery delivery_after(otp::failure failure) noexcept;

}  // namespace otpd::sms
