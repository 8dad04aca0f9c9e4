#include "otp/error.hpp"

#include <string>

namespace otpd::otp {
namespace {

const char* message_of(errc value) noexcept {
  switch (value) {
    case errc::invalid_recipient:
      return "not a phone number or e-mail address that a code can be sent to";
    case errc::unknown_profile:
      return "no such profile";
    case errc::channel_not_allowed:
      return "the channel is not available for this profile and recipient";
    case errc::country_not_allowed:
      return "the profile does not send to this country";
    case errc::invalid_code:
      return "the code does not have the profile's length and alphabet";
    case errc::id_required:
      return "the profile's verifications are checked by id";
    case errc::not_found:
      return "no such verification";
    case errc::expired:
      return "the verification has expired";
    case errc::approved:
      return "the verification was approved already";
    case errc::canceled:
      return "the verification was canceled";
    case errc::max_attempts_reached:
      return "the verification's attempts are used up";
    case errc::rate_limited:
      return "a rate limit is reached";
    case errc::too_many_failures:
      return "too many wrong codes for this recipient within the hour";
    case errc::recipient_locked:
      return "too many wrong codes in a row: the recipient is locked";
    case errc::delivery_failed:
      return "no provider accepted the message";
    case errc::provider_unavailable:
      return "no provider can be tried at the moment";
    case errc::invalid_parameters:
      return "the message needs other parameters";
    case errc::overloaded:
      return "the server is overloaded";
    case errc::store_unavailable:
      return "the store cannot acknowledge writes";
    case errc::storage_low:
      return "too little disk space for new verifications";
  }
  return "unknown error";
}

// Boost's base class has no virtual destructor: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class otp_error_category final : public boost::system::error_category {
 public:
  constexpr otp_error_category() noexcept : error_category(0x6f7470642e6f7470) {}  // "otpd.otp"

  const char* name() const noexcept override { return "otpd.otp"; }
  std::string message(int value) const override { return message_of(static_cast<errc>(value)); }
  // Also overridden so that logging an error does not allocate.
  const char* message(int value, char*, std::size_t) const noexcept override {
    return message_of(static_cast<errc>(value));
  }
};
#pragma GCC diagnostic pop

constexpr otp_error_category category;

}  // namespace

const boost::system::error_category& otp_category() noexcept {
  return category;
}

}  // namespace otpd::otp
