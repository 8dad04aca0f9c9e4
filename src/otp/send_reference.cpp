#include "otp/send_reference.hpp"

#include <cstring>

#include "crypto/encoding.hpp"

namespace otpd::otp {

namespace {
constexpr std::size_t nonce_size = 8;
constexpr std::size_t head_size = nonce_size + 3;
using reference_bytes = std::array<std::uint8_t, head_size + sizeof(crypto::block)>;

void whiten(crypto::block& block, const reference_bytes& head) {
  for (std::size_t i = 0; i < block.size(); ++i)
    block[i] ^= head[i % nonce_size];
  block.back() ^= head[nonce_size];
}
}  // namespace

std::string seal_reference(crypto::block_cipher& cipher, const send_reference& name) {
  reference_bytes bytes{};
  std::memcpy(bytes.data(), &name.nonce, nonce_size);
  bytes[nonce_size] = name.send;
  crypto::block block = name.record.bytes;
  whiten(block, bytes);
  block = cipher.encrypt(block);
  std::memcpy(bytes.data() + head_size, block.data(), block.size());
  return crypto::to_base64url(bytes);
}

std::optional<send_reference> open_reference(crypto::block_cipher& cipher, std::string_view text) {
  reference_bytes bytes{};
  if (!crypto::from_base64url(text, bytes)) return std::nullopt;
  if (bytes[nonce_size + 1] != 0 || bytes[nonce_size + 2] != 0) return std::nullopt;
  crypto::block block;
  std::memcpy(block.data(), bytes.data() + head_size, block.size());
  block = cipher.decrypt(block);
  whiten(block, bytes);
  send_reference name;
  name.record = {table::recipients, block};
  std::memcpy(&name.nonce, bytes.data(), nonce_size);
  name.send = bytes[nonce_size];
  return name;
}

}  // namespace otpd::otp
