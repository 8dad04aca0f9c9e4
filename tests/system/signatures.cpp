#include "system/signatures.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace otpd::test {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string text_of(const std::vector<unsigned char>& bytes, std::size_t size) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace

std::string hmac(const std::string& hash, std::string_view key, std::string_view text) {
  std::vector<unsigned char> out(EVP_MAX_MD_SIZE);
  std::size_t size = 0;
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, hash.c_str(), nullptr, key.data(), key.size(), bytes_of(text),
                text.size(), out.data(), out.size(), &size) == nullptr)
    throw std::runtime_error("no HMAC with " + hash);
  return text_of(out, size);
}

std::string digest(const std::string& hash, std::string_view text) {
  std::vector<unsigned char> out(EVP_MAX_MD_SIZE);
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, hash.c_str(), nullptr, text.data(), text.size(), out.data(), &size) != 1)
    throw std::runtime_error("no " + hash);
  return text_of(out, size);
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char each : bytes) {
    const auto c = static_cast<unsigned char>(each);
    out.append({digits[c >> 4], digits[c & 15]});
  }
  return out;
}

std::string base64(std::string_view bytes) {
  std::vector<unsigned char> out(bytes.size() / 3 * 4 + 5);
  const int size = EVP_EncodeBlock(out.data(), bytes_of(bytes), static_cast<int>(bytes.size()));
  return text_of(out, static_cast<std::size_t>(size));
}

std::string from_base64(std::string_view text) {
  std::vector<unsigned char> out(text.size() / 4 * 3 + 1);
  const int size = EVP_DecodeBlock(out.data(), bytes_of(text), static_cast<int>(text.size()));
  if (size < 0) throw std::runtime_error("not base64");
  return text_of(out,
                 static_cast<std::size_t>(size) - static_cast<std::size_t>(std::ranges::count(text, '=')));
}

}  // namespace otpd::test
