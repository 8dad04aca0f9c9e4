#include "mail/smtp_error.hpp"

#include <string>

namespace otpd::mail {

namespace {

// Boost's base class has no virtual destructor: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class category final : public boost::system::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "otpd.smtp"; }
  [[nodiscard]] std::string message(int value) const override {
    switch (static_cast<smtp_errc>(value)) {
      case smtp_errc::not_resolved:
        return "the name cannot be resolved";
      case smtp_errc::not_connected:
        return "cannot connect";
      case smtp_errc::starttls_missing:
        return "the server does not do STARTTLS";
      case smtp_errc::plaintext_injected:
        return "plain text was injected before TLS";
      case smtp_errc::tls_failed:
        return "the TLS handshake failed";
      case smtp_errc::certificate_refused:
        return "the certificate is refused";
      case smtp_errc::no_auth_method:
        return "the server offers neither AUTH PLAIN nor LOGIN";
      case smtp_errc::bad_reply:
        return "the reply is not one of SMTP";
      case smtp_errc::timed_out:
        return "no reply in time";
      case smtp_errc::reset:
        return "the connection ended before the reply";
      case smtp_errc::busy:
        return "no connection is free";
      case smtp_errc::called_off:
        return "called off while it waited";
      case smtp_errc::not_a_message:
        return "an address or a header of the message is malformed";
    }
    return "unknown";
  }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& smtp_category() noexcept {
  static const category instance;
  return instance;
}

}  // namespace otpd::mail
