#include "crypto/cipher.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace otpd::crypto {

namespace {
struct free_context {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using context = std::unique_ptr<EVP_CIPHER_CTX, free_context>;

context new_context() {
  context made(EVP_CIPHER_CTX_new());
  if (!made) throw std::bad_alloc();
  return made;
}

// These calls fail only if OpenSSL is broken or out of memory.
void require(int ok) {
  if (ok != 1) throw std::runtime_error("AES failed");
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
}  // namespace

struct block_cipher::state {
  context encrypting = new_context();
  context decrypting = new_context();
};

block_cipher::block_cipher(const secret_key& key) : state_(std::make_unique<state>()) {
  require(
      EVP_EncryptInit_ex(state_->encrypting.get(), EVP_aes_256_ecb(), nullptr, key.bytes().data(), nullptr));
  require(
      EVP_DecryptInit_ex(state_->decrypting.get(), EVP_aes_256_ecb(), nullptr, key.bytes().data(), nullptr));
  EVP_CIPHER_CTX_set_padding(state_->encrypting.get(), 0);
  EVP_CIPHER_CTX_set_padding(state_->decrypting.get(), 0);
}
block_cipher::block_cipher(block_cipher&&) noexcept = default;
block_cipher::~block_cipher() = default;

block block_cipher::encrypt(const block& plain) {
  block out;
  int size = 0;
  require(EVP_EncryptUpdate(state_->encrypting.get(), out.data(), &size, plain.data(),
                            static_cast<int>(plain.size())));
  return out;
}

block block_cipher::decrypt(const block& sealed) {
  block out;
  int size = 0;
  require(EVP_DecryptUpdate(state_->decrypting.get(), out.data(), &size, sealed.data(),
                            static_cast<int>(sealed.size())));
  return out;
}

struct sealer::state {
  context sealing = new_context();
  context opening = new_context();
};

sealer::sealer() : state_(std::make_unique<state>()) {
  // The cipher is fetched once; each message then sets key and nonce only.
  require(EVP_EncryptInit_ex(state_->sealing.get(), EVP_aes_256_gcm(), nullptr, nullptr, nullptr));
  require(EVP_DecryptInit_ex(state_->opening.get(), EVP_aes_256_gcm(), nullptr, nullptr, nullptr));
}
sealer::sealer(sealer&&) noexcept = default;
sealer::~sealer() = default;

std::string sealer::seal(std::span<const std::uint8_t, 32> key, const nonce& once, std::string_view text) {
  EVP_CIPHER_CTX* use = state_->sealing.get();
  std::string out(text.size() + tag_size, '\0');
  int size = 0;
  require(EVP_EncryptInit_ex(use, nullptr, nullptr, key.data(), once.data()));
  require(EVP_EncryptUpdate(use, bytes(out), &size, bytes(text), static_cast<int>(text.size())));
  require(EVP_EncryptFinal_ex(use, bytes(out) + size, &size));
  require(EVP_CIPHER_CTX_ctrl(use, EVP_CTRL_GCM_GET_TAG, tag_size, bytes(out) + text.size()));
  return out;
}

std::optional<std::string> sealer::open(std::span<const std::uint8_t, 32> key, const nonce& once,
                                        std::string_view sealed) {
  if (sealed.size() < tag_size) return std::nullopt;
  EVP_CIPHER_CTX* use = state_->opening.get();
  std::string out(sealed.size() - tag_size, '\0');
  std::string tag(sealed.substr(out.size()));
  int size = 0;
  require(EVP_DecryptInit_ex(use, nullptr, nullptr, key.data(), once.data()));
  require(EVP_DecryptUpdate(use, bytes(out), &size, bytes(sealed), static_cast<int>(out.size())));
  require(EVP_CIPHER_CTX_ctrl(use, EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()));
  if (EVP_DecryptFinal_ex(use, bytes(out) + size, &size) != 1) return std::nullopt;
  return out;
}

}  // namespace otpd::crypto
