#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace otpd::auth {

enum class token_style : std::uint8_t {
  simplejwt,  // HS256; access and refresh tokens with the claims of djangorestframework-simplejwt
  native,     // access: ES256 with kid, typ at+jwt (RFC 9068); refresh: opaque
};

// How tokens of one issuer are made. A token of one issuer is nothing to another one.
struct token_policy {
  std::string name;  // of the issuer: 1..32 of a-z 0-9 _ -
  token_style style = token_style::simplejwt;
  std::chrono::seconds access_lifetime{300};
  std::chrono::seconds refresh_lifetime{86'400};      // of one refresh token that is not used
  std::chrono::seconds family_lifetime{30 * 86'400};  // from the first refresh token to the end of its last
  std::chrono::seconds grace{10};                     // in which the token before may be used again
  std::string secret;  // simplejwt: of HS256, 32 bytes at least; empty: derived from the master key
};

// The native issuer.
struct token_options {
  std::string issuer = "otpd";
  std::string audience = "otpd";
  std::vector<std::string> private_keys;  // P-256 in PEM: the first signs, all verify; none: derived
  token_policy policy{"native",
                      token_style::native,
                      std::chrono::seconds(600),
                      std::chrono::seconds(30 * 86'400),
                      std::chrono::seconds(90 * 86'400),
                      std::chrono::seconds(10),
                      {}};
};

}  // namespace otpd::auth
