#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/mac.hpp"
#include "otp/ports.hpp"

namespace otpd::otp {

// A code in clear. Wiped when it ends.
class code {
 public:
  static constexpr std::size_t max_size = 10;

  code() = default;
  explicit code(std::string_view text);
  ~code();

  [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), size_}; }
  // In a time that does not depend on where they differ.
  [[nodiscard]] bool matches(std::string_view given) const noexcept;

 private:
  std::array<char, max_size> text_{};
  std::size_t size_ = 0;
};

// The code of one generation of a verification: HMAC-SHA256(key, record key ‖ nonce ‖ generation), mapped to
// `length` letters of `alphabet` by rejection, so that every code is equally likely. Nothing of it is stored.
// 4 <= length <= 10, 10 <= alphabet.size() <= 36.
[[nodiscard]] code derive_code(const crypto::mac_key& key, const record_key& record, std::uint64_t nonce,
                               std::uint8_t generation, std::string_view alphabet, std::size_t length);

// True if `text` could be a code: exactly `length` letters of `alphabet`.
[[nodiscard]] bool is_code(std::string_view text, std::string_view alphabet, std::size_t length) noexcept;

}  // namespace otpd::otp
