#include "crypto/encoding.hpp"

#include <array>
#include <cassert>

namespace otpd::crypto {

namespace {

constexpr std::string_view hex_alphabet = "0123456789abcdef";
constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
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

namespace {

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr auto base64_values = inverse(base64_alphabet);

}  // namespace

std::string base64_encode(std::span<const std::uint8_t> bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const unsigned second = left > 1 ? bytes[i + 1] : 0;
    const unsigned third = left > 2 ? bytes[i + 2] : 0;
    const unsigned group = static_cast<unsigned>(bytes[i]) << 16 | second << 8 | third;
    text += base64_alphabet[group >> 18];
    text += base64_alphabet[group >> 12 & 63];
    text += left > 1 ? base64_alphabet[group >> 6 & 63] : '=';
    text += left > 2 ? base64_alphabet[group & 63] : '=';
  }
  return text;
}

std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
    ++padding;
  std::vector<std::uint8_t> out;
  out.reserve(text.size() / 4 * 3);
  unsigned bits = 0;
  for (std::size_t i = 0; i < text.size() - padding; ++i) {
    const std::uint8_t six = value(base64_values, text[i]);
    if (six == invalid) return std::nullopt;
    bits = bits << 6 | six;
    // The first character of four completes no byte.
    const std::size_t at = i % 4;
    if (at != 0) out.push_back(static_cast<std::uint8_t>(bits >> (6 - 2 * at)));
  }
  const unsigned stray = padding == 2 ? 15 : padding == 1 ? 3 : 0;
  if ((bits & stray) != 0) return std::nullopt;
  return out;
}

}  // namespace otpd::crypto
