#include "crypto/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace otpd::crypto {

namespace {

const EVP_MD* algorithm(hash which) noexcept {
  switch (which) {
    case hash::md5:
      return EVP_md5();
    case hash::sha1:
      return EVP_sha1();
    case hash::sha256:
      return EVP_sha256();
    case hash::sha512:
      return EVP_sha512();
  }
  return nullptr;
}

const std::uint8_t* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

std::vector<std::uint8_t> hmac(hash which, std::string_view key, std::string_view message) {
  std::vector<std::uint8_t> out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  // A null key means "the one before" to the library, so an empty one is spelled.
  const std::string_view spelled = key.empty() ? std::string_view{""} : key;
  if (HMAC(algorithm(which), spelled.data(), static_cast<int>(spelled.size()), bytes_of(message),
           message.size(), out.data(), &size) == nullptr) {
    throw std::runtime_error("HMAC is not available for this hash");
  }
  out.resize(size);
  return out;
}

std::vector<std::uint8_t> digest_of(hash which, std::string_view message) {
  std::vector<std::uint8_t> out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  if (EVP_Digest(message.data(), message.size(), out.data(), &size, algorithm(which), nullptr) != 1) {
    throw std::runtime_error("this hash is not available");
  }
  out.resize(size);
  return out;
}

}  // namespace otpd::crypto
