#pragma once

#include <openssl/crypto.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace otpd::crypto {

// N secret bytes, wiped when they end. Moved from, it is zero.
template <std::size_t N>
class secret {
 public:
  secret() = default;
  explicit secret(std::span<const std::uint8_t, N> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }
  secret(secret&& other) noexcept : bytes_(other.bytes_) { other.wipe(); }
  secret& operator=(secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      other.wipe();
    }
    return *this;
  }
  secret(const secret&) = delete;
  secret& operator=(const secret&) = delete;
  ~secret() { wipe(); }

  [[nodiscard]] std::span<std::uint8_t, N> bytes() noexcept { return bytes_; }
  [[nodiscard]] std::span<const std::uint8_t, N> bytes() const noexcept { return bytes_; }

 private:
  void wipe() noexcept { OPENSSL_cleanse(bytes_.data(), N); }

  std::array<std::uint8_t, N> bytes_{};
};

using secret_key = secret<32>;

// True if both are equal; the time depends on the sizes only.
[[nodiscard]] inline bool constant_time_equal(std::span<const std::uint8_t> a,
                                              std::span<const std::uint8_t> b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace otpd::crypto
