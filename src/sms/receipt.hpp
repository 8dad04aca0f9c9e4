#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "net/message.hpp"
#include "otp/ports.hpp"

namespace otpd::sms {

// What a provider reports of a message it had accepted.
struct receipt {
  std::string reference;                      // rendered_message::reference
  otp::delivery state = otp::delivery::sent;  // delivered, failed, or `sent`: nothing new
};

// Why a receipt is not believed. Each is answered alike for all receipts of a provider.
enum class receipt_errc : std::uint8_t {
  malformed = 1,  // not what this provider sends
  forged,         // no signature, or not one made with our secret
  stale,          // signed too long ago, or in the future
  not_expected,   // this provider sends none, or the configuration has no secret for them
};

[[nodiscard]] const boost::system::error_category& receipt_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(receipt_errc value) noexcept {
  return {static_cast<int>(value), receipt_category()};
}

// Reads the receipts of one provider: pure, immutable, shared by every loop.
class receipt_reader {
 public:
  virtual ~receipt_reader() = default;
  // Fails with a receipt_errc. Signatures are compared in constant time. `now` is the wall clock.
  [[nodiscard]] virtual boost::system::result<receipt> read(const net::request& in,
                                                            std::chrono::sys_seconds now) const = 0;
};

}  // namespace otpd::sms

template <>
struct boost::system::is_error_code_enum<otpd::sms::receipt_errc> : std::true_type {};
