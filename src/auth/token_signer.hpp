#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/es256_key.hpp"
#include "auth/token_policy.hpp"
#include "crypto/key_ring.hpp"

namespace otpd::auth {

// What a token says, whatever its style.
struct token_claims {
  std::string account;         // account::id
  std::string name;            // jti
  std::int64_t issued_s = 0;   // Unix time
  std::int64_t expires_s = 0;  // Unix time

  [[nodiscard]] bool operator==(const token_claims&) const = default;
};

// Writes and reads JWTs (RFC 7519) as an issuer's style has them:
//
//   simplejwt  {"alg":"HS256","typ":"JWT"} . {token_type, exp, iat, jti, user_id}
//   native     {"alg":"ES256","kid":…,"typ":"at+jwt"} . {iss, aud, sub, exp, iat, jti}   (RFC 9068; access
//   only)
//
// Reading trusts nothing that a token says of itself: algorithm, type, issuer and audience are those of the
// policy, and a kid is only looked up among our own (RFC 8725). Immutable: any thread may use it.
class token_signer {
 public:
  // Throws std::invalid_argument if a configured key is none, or the first cannot sign.
  token_signer(const token_options& options, const crypto::key_ring& ring);

  [[nodiscard]] std::string access(const token_claims& claims, const token_policy& by) const;
  // Of simplejwt style.
  [[nodiscard]] std::string refresh(const token_claims& claims, const token_policy& by) const;
  // Nothing: not ours, another kind, or not in its time. `now_s` is Unix time.
  [[nodiscard]] std::optional<token_claims> read_access(std::string_view token, const token_policy& by,
                                                        std::int64_t now_s) const;
  [[nodiscard]] std::optional<token_claims> read_refresh(std::string_view token, const token_policy& by,
                                                         std::int64_t now_s) const;

  // The public keys of native tokens (RFC 7517, 5).
  [[nodiscard]] std::string jwks() const;

 private:
  [[nodiscard]] std::string secret_of(const token_policy& by) const;
  [[nodiscard]] std::string write_simple(std::string_view type, const token_claims& claims,
                                         const token_policy& by) const;
  [[nodiscard]] std::optional<token_claims> read_simple(std::string_view type, std::string_view token,
                                                        const token_policy& by, std::int64_t now_s) const;
  [[nodiscard]] std::optional<token_claims> read_native(std::string_view token, std::int64_t now_s) const;

  std::string issuer_;
  std::string audience_;
  crypto::secret_key derives_;  // secrets where none is configured
  std::vector<es256_key> keys_;
};

}  // namespace otpd::auth
