#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/cipher.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/mac.hpp"
#include "otp/ports.hpp"

namespace otpd::auth {

enum class token_kind : std::uint8_t {
  access = 1,
  refresh = 2,
  alone = 3,  // an access token without a family
};

// What a token is called (its jti), 16 bytes:
//
//   AES-256(token key, kind 1 ‖ family 11, random ‖ generation 4)
//   AES-256(token key, kind 1 ‖ random 3 ‖ MAC over these, issued and the account 6 ‖ issued 6, milliseconds
//   on the life clock)    of one that stands alone
//
// so that a token leads to its family, and one of a generation that was never handed out, or of another
// account, cannot be made: not by those either who know an HS256 secret to check tokens with.
struct token_name {
  token_kind kind = token_kind::access;
  std::array<std::uint8_t, 11> family{};  // of one that stands alone: the random bytes and the MAC, then 0
  std::uint32_t generation = 0;
  otp::instant issued{};  // of one that stands alone

  [[nodiscard]] bool operator==(const token_name&) const = default;
};

// One per event loop.
class token_names {
 public:
  explicit token_names(const crypto::key_ring& ring) : cipher_(ring.token), mac_(ring.session) {}

  // 32 lower-case hex digits, as simplejwt's jti has.
  [[nodiscard]] std::string to_hex(const token_name& name);
  [[nodiscard]] std::optional<token_name> from_hex(std::string_view text);
  // A native refresh token: the name and 8 bytes of a MAC over it, 32 characters of base64url.
  [[nodiscard]] std::string to_opaque(const token_name& name);
  [[nodiscard]] std::optional<token_name> from_opaque(std::string_view text);
  // A name for a token that stands alone.
  [[nodiscard]] token_name alone(std::array<std::uint8_t, 3> random, otp::instant issued,
                                 std::string_view account) const;
  // Of the family's row.
  [[nodiscard]] otp::record_key row_of(const token_name& name) const;

 private:
  using check = std::array<std::uint8_t, 8>;
  [[nodiscard]] crypto::block seal(const token_name& name);
  [[nodiscard]] std::optional<token_name> open(const crypto::block& sealed);
  [[nodiscard]] check check_of(const crypto::block& sealed) const;

  crypto::block_cipher cipher_;
  crypto::mac_key mac_;
};

}  // namespace otpd::auth
