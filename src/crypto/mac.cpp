// OpenSSL 3's EVP_MAC allocates and locks for each message: 3 times the cost of the hash itself. The
// low-level SHA-256 calls are deprecated, not gone, and keep the two precomputed states as plain values.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/mac.hpp"

#include <openssl/sha.h>

namespace otpd::crypto {

namespace {
constexpr std::size_t block_size = 64;

SHA256_CTX keyed_state(const secret_key& key, std::uint8_t pad) {
  secret<block_size> block;
  for (std::size_t i = 0; i < block_size; ++i) {
    block.bytes()[i] = static_cast<std::uint8_t>((i < 32 ? key.bytes()[i] : 0) ^ pad);
  }
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, block.bytes().data(), block_size);
  return state;
}
}  // namespace

struct mac_key::state {
  SHA256_CTX inner;
  SHA256_CTX outer;
  ~state() { OPENSSL_cleanse(this, sizeof *this); }
};

mac_key::mac_key(const secret_key& key) : state_(new state{keyed_state(key, 0x36), keyed_state(key, 0x5c)}) {}
mac_key::mac_key(mac_key&&) noexcept = default;
mac_key& mac_key::operator=(mac_key&&) noexcept = default;
mac_key::~mac_key() = default;

digest mac_key::sign(std::span<const std::uint8_t> message) const {
  digest result;
  SHA256_CTX hash = state_->inner;
  SHA256_Update(&hash, message.data(), message.size());
  SHA256_Final(result.data(), &hash);
  hash = state_->outer;
  SHA256_Update(&hash, result.data(), result.size());
  SHA256_Final(result.data(), &hash);
  OPENSSL_cleanse(&hash, sizeof hash);
  return result;
}

digest mac_key::sign(std::string_view message) const {
  return sign({reinterpret_cast<const std::uint8_t*>(message.data()), message.size()});
}

digest sha256(std::span<const std::uint8_t> bytes) {
  digest result;
  SHA256(bytes.data(), bytes.size(), result.data());
  return result;
}

digest sha256(std::string_view text) {
  return sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace otpd::crypto
