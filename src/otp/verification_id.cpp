#include "otp/verification_id.hpp"

#include <cstring>

#include "crypto/encoding.hpp"

namespace otpd::otp {

namespace {
constexpr std::size_t nonce_size = 8;
using id_bytes = std::array<std::uint8_t, 24>;

void whiten(crypto::block& block, const std::uint8_t* nonce) {
  for (std::size_t i = 0; i < block.size(); ++i)
    block[i] ^= nonce[i % nonce_size];
}
}  // namespace

std::string seal_id(crypto::block_cipher& cipher, const verification_id& id) {
  id_bytes bytes;
  std::memcpy(bytes.data(), &id.nonce, nonce_size);
  crypto::block block = id.record.bytes;
  whiten(block, bytes.data());
  block = cipher.encrypt(block);
  std::memcpy(bytes.data() + nonce_size, block.data(), block.size());
  return crypto::to_base64url(bytes);
}

std::optional<verification_id> open_id(crypto::block_cipher& cipher, std::string_view text) {
  id_bytes bytes;
  if (!crypto::from_base64url(text, bytes)) return std::nullopt;
  crypto::block block;
  std::memcpy(block.data(), bytes.data() + nonce_size, block.size());
  block = cipher.decrypt(block);
  whiten(block, bytes.data());
  verification_id id;
  id.record = {table::recipients, block};
  std::memcpy(&id.nonce, bytes.data(), nonce_size);
  return id;
}

}  // namespace otpd::otp
