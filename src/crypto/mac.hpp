#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "crypto/secret.hpp"

namespace otpd::crypto {

using digest = std::array<std::uint8_t, 32>;

[[nodiscard]] digest sha256(std::span<const std::uint8_t> bytes);
[[nodiscard]] digest sha256(std::string_view text);

// HMAC-SHA256 (RFC 2104) under one key. The key's two hash blocks are computed once, so a short message costs
// two compressions. Immutable: any thread may sign with it.
class mac_key {
 public:
  explicit mac_key(const secret_key& key);
  mac_key(mac_key&&) noexcept;
  mac_key& operator=(mac_key&&) noexcept;
  ~mac_key();

  // The MAC of one message.
  [[nodiscard]] digest sign(std::span<const std::uint8_t> message) const;
  [[nodiscard]] digest sign(std::string_view message) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace otpd::crypto
