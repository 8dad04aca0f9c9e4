#pragma once

// The name under which a provider knows one send, 27 bytes as 36 characters of base64url:
//
//   0                8      9     11                                        27
//   +----------------+------+-----+------------------------------------------+
//   | nonce, random  | send | 0 0 | AES-256(record key XOR nonce‖nonce, send) |
//   +----------------+------+-----+------------------------------------------+
//
// `send` is mixed into the last byte as well, so a changed one decrypts to a record key that does not exist.
// It is no verification id: who holds it can neither check, nor resend, nor cancel. Each has one spelling.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/cipher.hpp"
#include "otp/ports.hpp"

namespace otpd::otp {

struct send_reference {
  record_key record;
  std::uint64_t nonce = 0;
  std::uint8_t send = 0;  // the verification's sends, this one included
};

[[nodiscard]] std::string seal_reference(crypto::block_cipher& cipher, const send_reference& name);
// Nothing: not the form of a reference. One of that form that we never made leads nowhere.
[[nodiscard]] std::optional<send_reference> open_reference(crypto::block_cipher& cipher,
                                                           std::string_view text);

}  // namespace otpd::otp
