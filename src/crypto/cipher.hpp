#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/secret.hpp"

namespace otpd::crypto {

using block = std::array<std::uint8_t, 16>;

// AES-256 on single blocks: a keyed permutation of 128 bits. One per thread.
class block_cipher {
 public:
  explicit block_cipher(const secret_key& key);
  block_cipher(block_cipher&&) noexcept;
  ~block_cipher();

  [[nodiscard]] block encrypt(const block& plain);
  [[nodiscard]] block decrypt(const block& sealed);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// AES-256-GCM (NIST SP 800-38D). One per thread. A (key, nonce) pair must seal only one text: the caller sees
// to it.
class sealer {
 public:
  using nonce = std::array<std::uint8_t, 12>;
  static constexpr std::size_t tag_size = 16;

  sealer();
  sealer(sealer&&) noexcept;
  ~sealer();

  // `text` sealed, followed by its tag.
  [[nodiscard]] std::string seal(std::span<const std::uint8_t, 32> key, const nonce& once,
                                 std::string_view text);
  // The text, or nothing if it was not sealed with this key and nonce or was altered.
  [[nodiscard]] std::optional<std::string> open(std::span<const std::uint8_t, 32> key, const nonce& once,
                                                std::string_view sealed);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace otpd::crypto
