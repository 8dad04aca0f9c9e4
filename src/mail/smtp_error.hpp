#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>

namespace otpd::mail {

// Why a mail server gave no reply that settles a message. None of them says whether it has the message: that
// is what the handover's class is for.
enum class smtp_errc : std::uint8_t {
  not_resolved = 1,     // the name has no address, or none in time
  not_connected,        // no address took the connection in time
  starttls_missing,     // the server does not offer STARTTLS, or refuses it: nothing more is said to it
  plaintext_injected,   // bytes came between the reply to STARTTLS and TLS: somebody injects them
  tls_failed,           // the TLS handshake failed
  certificate_refused,  // the server's certificate is not trusted, not valid, or not for this host
  no_auth_method,       // the server offers neither PLAIN nor LOGIN here
  bad_reply,            // what came is not SMTP, or not a reply to what was asked
  timed_out,            // the time was over
  reset,                // the connection ended
  busy,                 // every connection is taken for too long; or the carrier is closed
  called_off,           // nobody wanted it any more when a connection was there
  not_a_message,        // an address or a header value of the message is none
};

[[nodiscard]] const boost::system::error_category& smtp_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(smtp_errc value) noexcept {
  return {static_cast<int>(value), smtp_category()};
}

}  // namespace otpd::mail

template <>
struct boost::system::is_error_code_enum<otpd::mail::smtp_errc> : std::true_type {};
