#pragma once

// A family: the refresh tokens that come of one sign-in, each of which takes the place of the one before. Its
// row in table `sessions`, under a MAC of its name, says how far it has come; nothing of a token is stored:
//
//   01 | account 16 | policy, with a length byte | generation 4 | began 8 | rotated 8 | issued 8 | ends 8 |
//   epoch 4
//
// A family without a row is dead: revoked, expired, or never made.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/token_policy.hpp"
#include "otp/time.hpp"

namespace otpd::auth {

struct token_family {
  std::array<std::uint8_t, 16> account{};  // account::id
  std::string policy;                      // token_policy::name
  std::uint32_t generation = 0;            // of the newest refresh token
  otp::instant began{};
  otp::instant rotated{};     // when the newest refresh token was made
  std::int64_t issued_s = 0;  // the same in Unix time, once and for all: the wall clock may be set meanwhile
  otp::instant ends{};        // of every refresh token
  std::uint32_t epoch = 0;    // recovery epoch of its making

  [[nodiscard]] bool operator==(const token_family&) const = default;
};

[[nodiscard]] std::string encode(const token_family& family);
// Nothing: another format.
[[nodiscard]] std::optional<token_family> decode_family(std::string_view bytes);

// What follows of a refresh token of some generation (RFC 9700, 4.14.2; RELIABILITY F1, F4).
enum class rotation : std::uint8_t {
  next,   // it is the newest: the family has moved on to its successor
  again,  // it is the one before, the answer may have been lost: the same successor once more
  kill,   // it was used before: whoever holds the newest one may have stolen it, or this one was
};

// Pure. `next` changes the family, nothing else does.
[[nodiscard]] rotation rotate(token_family& family, std::uint32_t generation, const token_policy& policy,
                              const otp::moment& at);
// When the newest refresh token expires.
[[nodiscard]] otp::instant expires_at(const token_family& family, const token_policy& policy);

}  // namespace otpd::auth
