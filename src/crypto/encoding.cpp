#include "crypto/encoding.hpp"

#include <algorithm>
#include <array>
#include <cassert>

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

std::string to_base64url(std::span<const std::uint8_t> bytes) {
  assert(bytes.size() % 3 == 0);
  std::string text;
  text.reserve(bytes.size() / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned group = static_cast<unsigned>(bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2]);
    for (const int shift : {18, 12, 6, 0})
      text += base64url_alphabet[group >> shift & 63];
  }
  return text;
}

bool from_base64url(std::string_view text, std::span<std::uint8_t> out) noexcept {
  assert(out.size() % 3 == 0);
  if (text.size() != out.size() / 3 * 4) return false;
  for (std::size_t i = 0; i < out.size() / 3; ++i) {
    unsigned group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const std::uint8_t six = value(base64url_values, text[4 * i + j]);
      if (six == invalid) return false;
      group = group << 6 | six;
    }
    out[3 * i] = static_cast<std::uint8_t>(group >> 16);
    out[3 * i + 1] = static_cast<std::uint8_t>(group >> 8);
    out[3 * i + 2] = static_cast<std::uint8_t>(group);
  }
  return true;
}

std::string to_base64(std::span<const std::uint8_t> bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t taken = std::min<std::size_t>(3, bytes.size() - i);
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (j < taken ? bytes[i + j] : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text += j > taken ? '=' : base64_alphabet[group >> (18 - 6 * j) & 63];
  }
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  unsigned group = 0;  // its low `bits` bits are not yet a byte
  unsigned bits = 0;
  for (const char each : text) {
    const std::uint8_t six = value(base64_values, each);
    if (six == invalid) return std::nullopt;
    group = group << 6 | six;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(group >> bits));
    group &= (1U << bits) - 1;
  }
  if (group != 0) return std::nullopt;
  return bytes;
}

}  // namespace otpd::crypto
