#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/secret.hpp"

namespace otpd::sms {

// Standard Webhooks 1.0 (https://www.standardwebhooks.com), symmetric:
//
//   webhook-id:        the same on every attempt, so that a receiver can tell a repetition
//   webhook-timestamp: seconds since 1970 of this attempt
//   webhook-signature: "v1," base64(HMAC-SHA-256(key, id "." timestamp "." body)), one for each key,
//   separated
//                      by a space
//
// A secret is written as whsec_ and the base64 of its key.
inline constexpr std::string_view webhook_id_field = "webhook-id";
inline constexpr std::string_view webhook_timestamp_field = "webhook-timestamp";
inline constexpr std::string_view webhook_signature_field = "webhook-signature";

// True for whsec_ and the base64 of 24 to 64 bytes.
[[nodiscard]] bool is_webhook_secret(std::string_view text);

// Signs with every secret it has: while one is replaced, receivers that know either are served. Its keys are
// wiped when it ends. Immutable.
class webhook_signer {
 public:
  // Throws std::invalid_argument, without the secret, unless each is_webhook_secret().
  explicit webhook_signer(std::span<const std::string> secrets);

  // The value of webhook-signature; empty without a secret. `id` has no full stop.
  [[nodiscard]] std::string sign(std::string_view id, std::chrono::sys_seconds at,
                                 std::string_view body) const;
  // An id for a message that has no name of its own: 32 characters that differ as soon as `at` or `body`
  // does, and tell nothing of either.
  [[nodiscard]] std::string make_id(std::chrono::sys_seconds at, std::string_view body) const;
  [[nodiscard]] bool has_secret() const noexcept { return !keys_.empty(); }

 private:
  struct key {
    crypto::secret<64> bytes;
    std::size_t size = 0;
  };

  std::vector<key> keys_;
};

}  // namespace otpd::sms
