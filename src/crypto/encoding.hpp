#pragma once

#include <array>
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

// The form of a UUID: 8-4-4-4-12 lower-case hex digits.
[[nodiscard]] std::string to_uuid_text(const std::array<std::uint8_t, 16>& bytes);
// Exactly that form, in either case; else nothing.
[[nodiscard]] std::optional<std::array<std::uint8_t, 16>> from_uuid_text(std::string_view text) noexcept;

// base64url (RFC 4648, section 5) without padding.
[[nodiscard]] std::string to_base64url(std::span<const std::uint8_t> bytes);
// True if `text` is out.size() bytes as to_base64url() writes them: nothing else is a spelling of them.
[[nodiscard]] bool from_base64url(std::string_view text, std::span<std::uint8_t> out) noexcept;
// The one value of `text`, of any length; nothing if to_base64url() does not write it so.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

// base64 (RFC 4648, section 4), padded.
[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> bytes);
// The one value of `text`; nothing if its length, padding or unused bits are not as to_base64() makes them,
// or it has another character.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

}  // namespace otpd::crypto
