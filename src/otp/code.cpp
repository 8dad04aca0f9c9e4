#include "otp/code.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <optional>

namespace otpd::otp {

namespace {

std::uint64_t power(std::uint64_t base, std::size_t exponent) {
  std::uint64_t out = 1;
  for (std::size_t i = 0; i < exponent; ++i)
    out *= base;
  return out;
}

// A number below `bound`, each equally likely, from the digest's four words; nothing if all of them fall into
// the uneven rest.
std::optional<std::uint64_t> below(std::uint64_t bound, const crypto::digest& random) {
  const std::uint64_t uneven = (0 - bound) % bound;  // 2^64 mod bound
  for (std::size_t word = 0; word < 4; ++word) {
    std::uint64_t value = 0;
    std::memcpy(&value, random.data() + 8 * word, sizeof value);
    if (value >= uneven) return value % bound;
  }
  return std::nullopt;
}

}  // namespace

code::code(std::string_view text) : size_(text.size()) {
  assert(size_ <= max_size);
  std::ranges::copy(text, text_.begin());
}

code::~code() {
  OPENSSL_cleanse(text_.data(), text_.size());
}

bool code::matches(std::string_view given) const noexcept {
  return given.size() == size_ && CRYPTO_memcmp(given.data(), text_.data(), size_) == 0;
}

code derive_code(const crypto::mac_key& key, const record_key& record, std::uint64_t nonce,
                 std::uint8_t generation, std::string_view alphabet, std::size_t length) {
  std::array<std::uint8_t, 26> message{};
  std::ranges::copy(record.bytes, message.begin());
  std::memcpy(message.data() + 16, &nonce, sizeof nonce);
  message[24] = generation;
  const std::uint64_t bound = power(alphabet.size(), length);
  std::optional<std::uint64_t> number;
  // Four words miss together once in 10^15; the counter in the last byte gives four more.
  for (; !number; ++message[25]) {
    crypto::digest random = key.sign(message);
    number = below(bound, random);
    OPENSSL_cleanse(random.data(), random.size());
  }
  std::array<char, code::max_size> text{};
  for (std::size_t i = length; i-- > 0; *number /= alphabet.size())
    text[i] = alphabet[*number % alphabet.size()];
  const code out(std::string_view(text.data(), length));
  OPENSSL_cleanse(text.data(), text.size());
  return out;
}

bool is_code(std::string_view text, std::string_view alphabet, std::size_t length) noexcept {
  return text.size() == length && text.find_first_not_of(alphabet) == std::string_view::npos;
}

}  // namespace otpd::otp
