#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace otpd::crypto {

// Lower-case hex.
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);
// True if `hex` is exactly 2 * out.size() hex digits of either case; else `out` is unspecified.
[[nodiscard]] bool from_hex(std::string_view hex, std::span<std::uint8_t> out) noexcept;

// base64url (RFC 4648, section 5) without padding. bytes.size() is a multiple of 3, so that each text has one
// spelling.
[[nodiscard]] std::string to_base64url(std::span<const std::uint8_t> bytes);
// True if `text` is exactly out.size() / 3 * 4 characters of the alphabet; out.size() is a multiple of 3.
[[nodiscard]] bool from_base64url(std::string_view text, std::span<std::uint8_t> out) noexcept;

// base64 (RFC 4648, section 4), padded.
[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> bytes);
// The one value of `text`; nothing if its length, padding or unused bits are not as to_base64() makes them,
// or it has another character.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace otpd::crypto
