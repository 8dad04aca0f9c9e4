#pragma once

// How a send that is accepted and not begun stands in the outbox, behind the store's own envelope. Its key is
// the record's with the last eight bytes XORed by the verification's nonce, so it shares the record's lock.
// Integers are little endian.
//
//   row      format u8 = 1 | record key, 16 bytes | nonce u64 | send u8 | sealed words ...
//   words    locale: length u8, bytes | fallback address: length u8, bytes | parameters u8 | parameter ...
//   parameter  name: length u8, bytes | value: length u8, bytes
//
// The words are sealed with AES-256-GCM under the verification's own key; the send's number is the nonce.
// What else a send needs is in the recipient's record.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "otp/queued_send.hpp"

namespace otpd::otp {

struct outbox_row {
  record_key record;
  std::uint64_t nonce = 0;
  std::uint8_t send = 0;
  std::string sealed_words;
};

struct message_words {
  std::string locale;
  std::string fallback;  // an e-mail address, or empty
  std::vector<message_value> parameters;
};

[[nodiscard]] record_key outbox_key(const record_key& record, std::uint64_t nonce);

[[nodiscard]] std::string encode(const outbox_row& row);
// Nothing: not a row of a format we know, or damaged.
[[nodiscard]] std::optional<outbox_row> decode_outbox_row(std::string_view bytes);

// At most 255 bytes a text and 255 parameters: the callers see to it.
[[nodiscard]] std::string encode(const message_words& words);
[[nodiscard]] std::optional<message_words> decode_words(std::string_view bytes);

}  // namespace otpd::otp
