#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace otpd::bench {

// 1,024,000,000 distinct phone numbers of the United States, each valid for libphonenumber, in an order in
// which neighbours share no prefix.
constexpr std::uint64_t number_space = 1'024'000'000;
constexpr std::size_t number_digits = 11;

// Where a run with this seed starts. The ranges of 64 successive seeds do not meet as long as each run takes
// fewer than 16,000,000 numbers.
[[nodiscard]] constexpr std::uint64_t first_number(std::uint64_t seed) {
  return seed % 64 * (number_space / 64);
}

// Writes the 11 digits (no '+') of number `index` modulo number_space.
void write_number(std::uint64_t index, char* out);

// The index of 11 digits that write_number() wrote; nothing for any other number.
[[nodiscard]] std::optional<std::uint64_t> number_index(std::string_view digits);

}  // namespace otpd::bench
