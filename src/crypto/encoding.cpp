#include "crypto/encoding.hpp"

#include <algorithm>

namespace otpd::crypto {

namespace {

constexpr std::string_view hex_alphabet = "0123456789abcdef";
constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t invalid = 0xff;

constexpr std::array<std::uint8_t, 256> inverse(std::string_view alphabet) {
  std::array<std::uint8_t, 256> table{};
  table.fill(invalid);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr auto base64url_values = inverse(base64url_alphabet);
constexpr auto base64_values = inverse(base64_alphabet);

constexpr std::array<std::uint8_t, 256> hex_inverse() {
  auto table = inverse(hex_alphabet);
  for (std::uint8_t i = 0; i < 6; ++i)
    table[static_cast<std::size_t>('A' + i)] = static_cast<std::uint8_t>(10 + i);
  return table;
}

constexpr auto hex_values = hex_inverse();

std::uint8_t value(const std::array<std::uint8_t, 256>& table, char c) {
  return table[static_cast<unsigned char>(c)];
}

constexpr std::array<std::size_t, 4> uuid_hyphens{8, 13, 18, 23};

std::string encode64(std::span<const std::uint8_t> bytes, std::string_view alphabet, bool is_padded) {
  std::string text((bytes.size() + 2) / 3 * 4, '=');
  std::size_t size = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t taken = std::min<std::size_t>(3, bytes.size() - i);
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < taken ? bytes[i + j] : 0U);
    for (std::size_t j = 0; j <= taken; ++j)
      text[size++] = alphabet[group >> (18 - 6 * j) & 63];
  }
  if (!is_padded) text.resize(size);
  return text;
}

// Hands each byte of an unpadded text on; false where it has another character, or bits that stand for
// nothing.
template <class Take>
bool decode64(std::string_view text, const std::array<std::uint8_t, 256>& values, Take take) {
  if (text.size() % 4 == 1) return false;
  unsigned group = 0;  // its low `bits` bits are not yet a byte
  unsigned bits = 0;
  for (const char each : text) {
    const std::uint8_t six = value(values, each);
    if (six == invalid) return false;
    group = group << 6 | six;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    take(static_cast<std::uint8_t>(group >> bits));
    group &= (1U << bits) - 1;
  }
  return group == 0;
}

}  // namespace

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += hex_alphabet[byte >> 4];
    text += hex_alphabet[byte & 15];
  }
  return text;
}

bool from_hex(std::string_view hex, std::span<std::uint8_t> out) noexcept {
  if (hex.size() != out.size() * 2) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint8_t high = value(hex_values, hex[2 * i]);
    const std::uint8_t low = value(hex_values, hex[2 * i + 1]);
    if (high == invalid || low == invalid) return false;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

std::string to_uuid_text(const std::array<std::uint8_t, 16>& bytes) {
  std::string text = to_hex(bytes);
  for (const std::size_t at : uuid_hyphens)
    text.insert(at, 1, '-');
  return text;
}

std::optional<std::array<std::uint8_t, 16>> from_uuid_text(std::string_view text) noexcept {
  std::array<char, 32> hex{};
  if (text.size() != hex.size() + uuid_hyphens.size()) return std::nullopt;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_hyphen = std::ranges::find(uuid_hyphens, i) != uuid_hyphens.end();
    if (is_hyphen != (text[i] == '-')) return std::nullopt;
    if (!is_hyphen) hex[digits++] = text[i];
  }
  std::array<std::uint8_t, 16> bytes{};
  if (!from_hex({hex.data(), hex.size()}, bytes)) return std::nullopt;
  return bytes;
}

std::string to_base64url(std::span<const std::uint8_t> bytes) {
  return encode64(bytes, base64url_alphabet, false);
}

bool from_base64url(std::string_view text, std::span<std::uint8_t> out) noexcept {
  if (text.size() != (out.size() * 4 + 2) / 3) return false;
  std::size_t size = 0;
  return decode64(text, base64url_values, [&](std::uint8_t byte) { out[size++] = byte; });
}

std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  if (!decode64(text, base64url_values, [&](std::uint8_t byte) { bytes.push_back(byte); }))
    return std::nullopt;
  return bytes;
}

std::string to_base64(std::span<const std::uint8_t> bytes) {
  return encode64(bytes, base64_alphabet, true);
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  text.remove_suffix(text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  if (!decode64(text, base64_values, [&](std::uint8_t byte) { bytes.push_back(byte); })) return std::nullopt;
  return bytes;
}

}  // namespace otpd::crypto
