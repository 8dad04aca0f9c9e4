#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "auth/jws.hpp"
#include "crypto/secret.hpp"

namespace otpd::auth {

// A key of ES256 (RFC 7518, 3.4): P-256, signatures as r ‖ s. Immutable: any thread may use it.
class es256_key {
 public:
  // A private key in PEM, or a public one that only verifies. Throws std::invalid_argument saying what is
  // wrong.
  [[nodiscard]] static es256_key from_pem(const std::string& pem);
  // The private key that belongs to a seed: the same for the same seed.
  [[nodiscard]] static es256_key derived_from(const crypto::secret_key& seed);
  es256_key(es256_key&&) noexcept;
  es256_key& operator=(es256_key&&) noexcept;
  ~es256_key();

  [[nodiscard]] bool can_sign() const noexcept { return is_private_; }
  // SHA-256 thumbprint of the public key, base64url (RFC 7638).
  [[nodiscard]] const std::string& kid() const noexcept { return kid_; }
  // The public key as a JWK (RFC 7517), a JSON object.
  [[nodiscard]] std::string jwk() const;

  [[nodiscard]] std::string sign(std::string_view header, std::string_view payload) const;
  [[nodiscard]] bool has_signed(const jws& what) const;

 private:
  struct key;
  es256_key(std::unique_ptr<key> from, bool is_private);

  std::unique_ptr<key> key_;
  bool is_private_;
  std::string x_, y_;  // base64url
  std::string kid_;
};

}  // namespace otpd::auth
