#include "sms/receipt.hpp"

namespace otpd::sms {

namespace {

const char* message_of(receipt_errc value) noexcept {
  switch (value) {
    case receipt_errc::malformed:
      return "not a receipt as this provider sends them";
    case receipt_errc::forged:
      return "the receipt is not signed with our secret";
    case receipt_errc::stale:
      return "the receipt was signed too long ago, or in the future";
    case receipt_errc::not_expected:
      return "no receipts are expected from this provider";
  }
  return "unknown error";
}

// Boost's base class has no virtual destructor: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class receipt_error_category final : public boost::system::error_category {
 public:
  constexpr receipt_error_category() noexcept : error_category(0x6f7470642e726370) {}  // "otpd.rcp"

  const char* name() const noexcept override { return "otpd.receipt"; }
  std::string message(int value) const override { return message_of(static_cast<receipt_errc>(value)); }
  const char* message(int value, char*, std::size_t) const noexcept override {
    return message_of(static_cast<receipt_errc>(value));
  }
};
#pragma GCC diagnostic pop

constexpr receipt_error_category category;

}  // namespace

const boost::system::error_category& receipt_category() noexcept {
  return category;
}

}  // namespace otpd::sms
