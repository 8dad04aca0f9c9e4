#include "otp/verification_uuid.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "crypto/encoding.hpp"

namespace otpd::otp {

namespace {

using uuid_bytes = std::array<std::uint8_t, 16>;

uuid_bytes bytes_of(const crypto::mac_key& key, const record_key& record, std::uint64_t nonce) {
  std::array<std::uint8_t, 8> n{};
  std::memcpy(n.data(), &nonce, n.size());
  std::array<std::uint8_t, 5 + 16 + 8> message{'u', 'u', 'i', 'd', ' '};
  std::ranges::copy(record.bytes, message.begin() + 5);
  std::ranges::copy(n, message.begin() + 5 + 16);
  const crypto::digest mac = key.sign(message);
  uuid_bytes out{};
  std::copy_n(n.begin(), 6, out.begin());
  out[6] = static_cast<std::uint8_t>(0x40 | (n[6] & 0x0f));
  out[7] = n[7];
  out[8] = static_cast<std::uint8_t>(0x80 | (n[6] >> 4) << 2 | (mac[7] & 0x03));
  std::copy_n(mac.begin(), 7, out.begin() + 9);
  return out;
}

std::uint64_t nonce_in(const uuid_bytes& from) {
  std::array<std::uint8_t, 8> n{};
  std::copy_n(from.begin(), 6, n.begin());
  n[6] = static_cast<std::uint8_t>((from[6] & 0x0f) | (from[8] >> 2 & 0x0f) << 4);
  n[7] = from[7];
  std::uint64_t nonce = 0;
  std::memcpy(&nonce, n.data(), n.size());
  return nonce;
}

}  // namespace

std::string to_uuid(const crypto::mac_key& key, const verification_id& id) {
  return crypto::to_uuid_text(bytes_of(key, id.record, id.nonce));
}

std::optional<std::uint64_t> nonce_of_uuid(const crypto::mac_key& key, const record_key& record,
                                           std::string_view text) {
  const auto given = crypto::from_uuid_text(text);
  if (!given) return std::nullopt;
  const std::uint64_t nonce = nonce_in(*given);
  if (!crypto::constant_time_equal(*given, bytes_of(key, record, nonce))) return std::nullopt;
  return nonce;
}

}  // namespace otpd::otp
