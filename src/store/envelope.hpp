#pragma once

// What stands around every value on disk:
//
//   0        1                            9
//   +--------+----------------------------+------------------
//   | format | expires, ms, little endian | payload ...
//   +--------+----------------------------+------------------
//
// `format` is 1; another one is refused on reading and kept by the expiry filter. `expires` is a moment on
// the life clock; from it on the record is not there any more, whether or not a compaction has removed it.
// `never` is 2^63 - 1.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "otp/time.hpp"

namespace otpd::store {

inline constexpr std::uint8_t envelope_format = 1;
inline constexpr std::size_t envelope_size = 9;

struct envelope {
  otp::instant expires;
  std::string_view payload;
};

[[nodiscard]] constexpr std::array<char, envelope_size> envelope_header(otp::instant expires) noexcept {
  std::array<char, envelope_size> header{};
  header[0] = static_cast<char>(envelope_format);
  const auto bits = static_cast<std::uint64_t>(expires.time_since_epoch().count());
  for (std::size_t i = 0; i < 8; ++i)
    header[i + 1] = static_cast<char>(bits >> (8 * i) & 0xff);
  return header;
}

// Nothing: not a value of a format we know.
[[nodiscard]] constexpr std::optional<envelope> open_envelope(std::string_view value) noexcept {
  if (value.size() < envelope_size || static_cast<std::uint8_t>(value[0]) != envelope_format)
    return std::nullopt;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i)
    bits |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(value[i + 1])) << (8 * i);
  return envelope{otp::instant{otp::milliseconds{static_cast<std::int64_t>(bits)}},
                  value.substr(envelope_size)};
}

}  // namespace otpd::store
