#pragma once

// Vonage's delivery receipt: GET with a query, POST with a form, or POST with a JSON object of strings:
//
//   msisdn, to, messageId, status, scts, err-code, ..., client-ref
//   and, where signing is on, timestamp, nonce, sig
//
//   sig = hex( MAC( &name=value&name=value... ) )
//
// over all but `sig`, by name in byte order; in values '&' and '=' become '_'. MAC is an HMAC with MD5,
// SHA-1, SHA-256 or SHA-512, or "md5hash": MD5 of that text and then the secret.
// https://developer.vonage.com/en/getting-started/concepts/signing-messages

#include <string>

#include "net/form.hpp"
#include "sms/receipt.hpp"
#include "sms/receipt_options.hpp"

namespace otpd::sms {

// Our reference is `client-ref`. There are two ways to believe a receipt.
//
// With a signature secret: by `sig`, with `timestamp` within receipt_skew of now. The nonce is signed and not
// remembered: a replay brings old news. The callback's URL has no query of its own then, since Vonage merges
// it into that of a GET.
//
// Without: the callback's URL is ours and its query has `token`, the reference itself; it must be
// `client-ref`. What protects it: nobody but Vonage and we know a reference, and it is too long to guess (22
// characters of base64url, 128 bits, at least; a shorter one is refused). So whoever makes one must never
// derive it from what an API or a message shows, the callback must be https, and it goes into no log. Whoever
// knows a reference can say of that one message what they like, and of no other.
class vonage_receipt final : public receipt_reader {
 public:
  // Throws std::invalid_argument that begins with the option's name.
  explicit vonage_receipt(const vonage_receipt_options& options);

  [[nodiscard]] boost::system::result<receipt> read(const net::request& in,
                                                    std::chrono::sys_seconds now) const override;

 private:
  enum class method : std::uint8_t { md5hash, md5, sha1, sha256, sha512 };

  // Fails with forged or stale.
  [[nodiscard]] boost::system::result<void> prove(const net::form& fields,
                                                  std::chrono::sys_seconds now) const;
  [[nodiscard]] std::vector<std::uint8_t> sign(std::string_view text) const;

  std::string secret_;
  method method_ = method::md5hash;
};

}  // namespace otpd::sms
