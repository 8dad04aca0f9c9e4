#pragma once

#include <string>
#include <string_view>

namespace otpd::test {

// What vendors sign with, straight from OpenSSL: the server's own code is not asked. `hash` is OpenSSL's
// name: "SHA1", "SHA256", "MD5". The results of the first two are bytes.
[[nodiscard]] std::string hmac(const std::string& hash, std::string_view key, std::string_view text);
[[nodiscard]] std::string digest(const std::string& hash, std::string_view text);
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] std::string base64(std::string_view bytes);
// The bytes that base64 made `text` of.
[[nodiscard]] std::string from_base64(std::string_view text);

}  // namespace otpd::test
