#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "net/message.hpp"
#include "sms/receipt.hpp"

namespace otpd::sms {

// What the readers of receipts have in common.

// How far a signature's time may be from ours, to either side.
inline constexpr std::chrono::seconds receipt_skew{300};

// True if `unix_time` is decimal seconds within receipt_skew of `now`.
[[nodiscard]] bool is_fresh(std::string_view unix_time, std::chrono::sys_seconds now) noexcept;

// True if both are equal; the time depends on the sizes only.
[[nodiscard]] bool equal_secrets(std::string_view a, std::string_view b) noexcept;

// True for 1 to 40 characters of base64url: what rendered_message::reference may be.
[[nodiscard]] bool is_reference(std::string_view text) noexcept;

// The receipt of a message that was proven to come from the provider. If `reference` is null or none of ours,
// as for messages that somebody else sends from the same account, it has an empty one and brings nothing new.
[[nodiscard]] receipt receipt_of(const std::string* reference, otp::delivery state);

// The value of the only header field with this name; empty if there is none or more than one.
[[nodiscard]] std::string_view only_field(const net::request& in, std::string_view name) noexcept;

}  // namespace otpd::sms
