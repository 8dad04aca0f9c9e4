#pragma once

// How a recipient's record looks in the store, behind the store's own envelope. Integers are little endian.
//
//   record        format u8 = 2 | day i64 | subjects u8 | subject ...
//   subject       profile: length u8, bytes | purpose: length u8, bytes | sends i64 | failures i64 |
//                 consecutive failures u16 | next send i64 | verifications u8 | verification ...
//   verification  nonce u64 | address tag u32 | epoch u32 | channel u8 | state u8 | delivery u8 |
//                 attempts u8 | attempts allowed u8 | sends u8 | sends allowed u8 | generation u8 | flags u8
//                 | provider u32 | created i64 | expires i64 | delivery since i64 | sealed address: length
//                 u16, bytes
//   flags         1: of a test recipient
//
// Buckets are their theoretical arrival in microseconds, moments are milliseconds, both on the life clock.
// One verification of a phone number is about 140 bytes.

#include <optional>
#include <string>
#include <string_view>

#include "otp/record.hpp"

namespace otpd::otp {

[[nodiscard]] std::string encode(const recipient_record& record);

// Nothing: not a record of a format we know, or damaged. Every byte must be used.
[[nodiscard]] std::optional<recipient_record> decode_record(std::string_view bytes);

}  // namespace otpd::otp
