#include "auth/token_name.hpp"

#include <algorithm>
#include <cstring>

#include "crypto/encoding.hpp"

namespace otpd::auth {

namespace {

std::string labelled(std::string_view label, std::span<const std::uint8_t> bytes) {
  return std::string(label).append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

// As many low bytes as there is room for, little endian.
void put(std::uint64_t value, std::span<std::uint8_t> into) {
  for (std::uint8_t& each : into) {
    each = static_cast<std::uint8_t>(value);
    value >>= 8;
  }
}
std::int64_t taken(std::span<const std::uint8_t> from) {
  std::uint64_t value = 0;
  for (std::size_t i = from.size(); i-- > 0;)
    value = value << 8 | from[i];
  return static_cast<std::int64_t>(value);
}

}  // namespace

crypto::block token_names::seal(const token_name& name) {
  crypto::block plain{};
  plain[0] = static_cast<std::uint8_t>(name.kind);
  std::ranges::copy(name.family, plain.begin() + 1);
  if (name.kind == token_kind::alone) {
    const auto issued = static_cast<std::uint64_t>(name.issued.time_since_epoch().count());
    put(issued, std::span(plain).subspan(10));
  } else {
    put(name.generation, std::span(plain).subspan(12));
  }
  return cipher_.encrypt(plain);
}

std::optional<token_name> token_names::open(const crypto::block& sealed) {
  const crypto::block plain = cipher_.decrypt(sealed);
  if (plain[0] < 1 || plain[0] > 3) return std::nullopt;
  token_name out;
  out.kind = static_cast<token_kind>(plain[0]);
  std::copy_n(plain.begin() + 1, out.family.size(), out.family.begin());
  if (out.kind == token_kind::alone) {
    out.issued = otp::instant{otp::milliseconds{taken(std::span(plain).subspan(10))}};
    out.family[9] = out.family[10] = 0;
  } else {
    out.generation = static_cast<std::uint32_t>(taken(std::span(plain).subspan(12)));
  }
  return out;
}

token_names::check token_names::check_of(const crypto::block& sealed) const {
  const crypto::digest mac = mac_.sign(labelled("refresh token ", sealed));
  check out{};
  std::copy_n(mac.begin(), out.size(), out.begin());
  return out;
}

std::string token_names::to_hex(const token_name& name) {
  return crypto::to_hex(seal(name));
}

std::optional<token_name> token_names::from_hex(std::string_view text) {
  crypto::block sealed{};
  if (!crypto::from_hex(text, sealed)) return std::nullopt;
  return open(sealed);
}

std::string token_names::to_opaque(const token_name& name) {
  const crypto::block sealed = seal(name);
  std::array<std::uint8_t, 24> all{};
  std::ranges::copy(sealed, all.begin());
  std::ranges::copy(check_of(sealed), all.begin() + sealed.size());
  return crypto::to_base64url(all);
}

std::optional<token_name> token_names::from_opaque(std::string_view text) {
  std::array<std::uint8_t, 24> all{};
  if (!crypto::from_base64url(text, all)) return std::nullopt;
  crypto::block sealed{};
  std::copy_n(all.begin(), sealed.size(), sealed.begin());
  if (!crypto::constant_time_equal(std::span(all).subspan(sealed.size()), check_of(sealed)))
    return std::nullopt;
  return open(sealed);
}

token_name token_names::alone(std::array<std::uint8_t, 3> random, otp::instant issued,
                              std::string_view account) const {
  token_name out{token_kind::alone, {}, 0, issued};
  std::ranges::copy(random, out.family.begin());
  const std::string when = std::to_string(issued.time_since_epoch().count());
  const crypto::digest mac = mac_.sign(labelled("token alone ", random) + when + ' ' + std::string(account));
  std::copy_n(mac.begin(), 6, out.family.begin() + random.size());
  return out;
}

otp::record_key token_names::row_of(const token_name& name) const {
  return otp::row_of_mac(otp::table::sessions, mac_.sign(labelled("family ", name.family)));
}

}  // namespace otpd::auth
