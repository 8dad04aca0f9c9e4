#include "sms/webhook_signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "crypto/encoding.hpp"

namespace otpd::sms {

namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t shortest_key = 24;
constexpr std::size_t longest_key = 64;
using mac = std::array<std::uint8_t, 32>;

// The key in a secret; nothing if it is none.
std::optional<std::vector<std::uint8_t>> key_of(std::string_view secret) {
  if (!secret.starts_with(prefix)) return std::nullopt;
  auto bytes = crypto::from_base64(secret.substr(prefix.size()));
  if (bytes && bytes->size() >= shortest_key && bytes->size() <= longest_key) return bytes;
  return std::nullopt;
}

mac mac_of(std::span<const std::uint8_t> key, std::string_view text) {
  mac out{};
  unsigned size = out.size();
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size))
    throw std::runtime_error("HMAC-SHA-256 fails");
  return out;
}

std::string signed_text(std::string_view id, std::chrono::sys_seconds at, std::string_view body) {
  return std::string{id}
      .append(".")
      .append(std::to_string(at.time_since_epoch().count()))
      .append(".")
      .append(body);
}

}  // namespace

bool is_webhook_secret(std::string_view text) {
  auto bytes = key_of(text);
  if (!bytes) return false;
  OPENSSL_cleanse(bytes->data(), bytes->size());
  return true;
}

webhook_signer::webhook_signer(std::span<const std::string> secrets) {
  for (const std::string& each : secrets) {
    auto bytes = key_of(each);
    if (!bytes) throw std::invalid_argument("a secret is not whsec_ and the base64 of 24 to 64 bytes");
    key& added = keys_.emplace_back();
    std::copy(bytes->begin(), bytes->end(), added.bytes.bytes().begin());
    added.size = bytes->size();
    OPENSSL_cleanse(bytes->data(), bytes->size());
  }
}

std::string webhook_signer::sign(std::string_view id, std::chrono::sys_seconds at,
                                 std::string_view body) const {
  std::string text = signed_text(id, at, body);
  std::string out;
  for (const key& each : keys_) {
    if (!out.empty()) out.push_back(' ');
    out.append("v1,").append(crypto::to_base64(mac_of(each.bytes.bytes().first(each.size), text)));
  }
  OPENSSL_cleanse(text.data(), text.size());
  return out;
}

std::string webhook_signer::make_id(std::chrono::sys_seconds at, std::string_view body) const {
  std::string text = signed_text({}, at, body);
  const mac digest = mac_of(keys_.front().bytes.bytes().first(keys_.front().size), text);
  OPENSSL_cleanse(text.data(), text.size());
  return crypto::to_base64url(std::span{digest}.first<24>());
}

}  // namespace otpd::sms
