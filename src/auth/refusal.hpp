#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <boost/throw_exception.hpp>
#include <cstdint>
#include <stdexcept>

#include "otp/time.hpp"

namespace otpd::auth {

// Why a use case of accounts and tokens was refused.
enum class errc : std::uint8_t {
  invalid_token,      // not a token of ours, of another kind, expired, or of a family that is dead
  no_account,         // nobody is registered under this address
  account_disabled,   // by an administrator
  address_taken,      // another account has this address, or the account another address
  wrong_password,     // also: no such account, or it has no password
  blocked,            // too many failed attempts; until retry_after has passed
  overloaded,         // a bounded queue is full
  store_unavailable,  // the store cannot acknowledge a write
};

// What the caller may be told of it.
struct refusal {
  errc code;
  otp::milliseconds retry_after{0};  // blocked, overloaded, store_unavailable
};

[[noreturn]] inline void throw_exception_from_error(const refusal&, const boost::source_location& at) {
  boost::throw_exception(std::logic_error("a refused outcome has no value"), at);
}

// What a use case yields.
template <class T>
using outcome = boost::system::result<T, refusal>;

}  // namespace otpd::auth
