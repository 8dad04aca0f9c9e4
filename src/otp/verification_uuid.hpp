#pragma once

// A second name of a verification, for protocols that know ids as UUIDs and name the recipient beside it. It
// has no room for the record's key, so the recipient leads to the record, and the rest of it proves that it
// is ours:
//
//   byte 0           6            7         8                     9              15
//   +----------------+------------+---------+---------------------+--------------+
//   | nonce 0..5     | 0100 n6 lo | nonce 7 | 10, n6 hi, mac 2 bit | mac 7 bytes  |
//   +----------------+------------+---------+---------------------+--------------+
//
// mac = HMAC-SHA256(index key, "uuid " ‖ record key ‖ nonce). Version 4, variant 1 (RFC 9562), as random ones
// have.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/mac.hpp"
#include "otp/verification_id.hpp"

namespace otpd::otp {

// 36 characters, lower-case.
[[nodiscard]] std::string to_uuid(const crypto::mac_key& key, const verification_id& id);
// The nonce of a verification within `record`; nothing if to_uuid() did not make `text` for it. Either case.
[[nodiscard]] std::optional<std::uint64_t> nonce_of_uuid(const crypto::mac_key& key, const record_key& record,
                                                         std::string_view text);

}  // namespace otpd::otp
