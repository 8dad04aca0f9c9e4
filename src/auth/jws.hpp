#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace otpd::auth {

// A JSON Web Signature in compact form (RFC 7515), read strictly: three segments of base64url without
// padding, the first a JSON object with distinct members. Nothing in it is believed before a signature is
// verified; of the header only these members are ever looked at, so no key comes from a token (RFC
// 8725, 3.10).
struct jws {
  std::string alg;
  std::string kid;               // empty: none
  std::string typ;               // empty: none
  std::string_view signed_part;  // of the text that was read
  std::string payload;
  std::vector<std::uint8_t> signature;
};

inline constexpr std::size_t max_jws = 8192;

// Nothing: another form, longer than max_jws, or a header with "crit", of which we know no extension.
[[nodiscard]] std::optional<jws> read_jws(std::string_view text);

// The first two segments, still without a signature.
[[nodiscard]] std::string unsigned_jws(std::string_view header, std::string_view payload);
[[nodiscard]] std::string append_signature(std::string unsigned_text,
                                           const std::vector<std::uint8_t>& signature);

// HS256 under a secret of at least 32 bytes (RFC 7518, 3.2).
[[nodiscard]] std::string sign_hs256(std::string_view header, std::string_view payload,
                                     std::string_view secret);
[[nodiscard]] bool is_signed_hs256(const jws& what, std::string_view secret);

}  // namespace otpd::auth
