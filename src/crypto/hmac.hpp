#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace otpd::crypto {

// The hashes of other people's protocols. Our own records are signed with mac_key.
enum class hash : std::uint8_t { md5, sha1, sha256, sha512 };

// HMAC (RFC 2104) under a key of any length: 16, 20, 32 or 64 bytes. Thread-safe. Throws std::runtime_error
// if the library has no such hash, as in a FIPS build without MD5.
[[nodiscard]] std::vector<std::uint8_t> hmac(hash which, std::string_view key, std::string_view message);
// The plain digest; the same lengths and errors.
[[nodiscard]] std::vector<std::uint8_t> digest_of(hash which, std::string_view message);

}  // namespace otpd::crypto
