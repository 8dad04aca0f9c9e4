#pragma once

// The name of a verification, 24 bytes as 32 characters of base64url:
//
//   0                8                                  24
//   +----------------+----------------------------------+
//   | nonce, random  | AES-256(record key XOR nonce ‖ nonce) |
//   +----------------+----------------------------------+
//
// So an id leads to its record without a row of its own, says nothing about the recipient, and cannot be
// guessed: a made-up one decrypts to a record key that does not exist. Each has one spelling.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/cipher.hpp"
#include "otp/ports.hpp"

namespace otpd::otp {

struct verification_id {
  record_key record;
  std::uint64_t nonce = 0;
};

[[nodiscard]] std::string seal_id(crypto::block_cipher& cipher, const verification_id& id);
// Nothing: not the form of an id. An id of that form that we never made leads nowhere.
[[nodiscard]] std::optional<verification_id> open_id(crypto::block_cipher& cipher, std::string_view text);

}  // namespace otpd::otp
