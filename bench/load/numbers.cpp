#include "numbers.hpp"

#include <array>

namespace otpd::bench {
namespace {

constexpr std::array<std::uint16_t, 128> areas{
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 220, 223,
    224, 225, 228, 229, 231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270,
    272, 276, 279, 281, 283, 301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316,
    317, 318, 319, 320, 321, 323, 325, 326, 330, 331, 332, 334, 336, 337, 339, 341, 346, 347, 351,
    352, 360, 361, 364, 380, 385, 386, 401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414,
    415, 417, 419, 423, 424, 425, 430, 432, 434, 435, 440, 442, 443, 445, 447, 448, 458, 463, 464,
    469, 470, 475, 478, 479, 480, 484, 501, 503, 504, 507, 508, 509, 510};
constexpr std::uint64_t exchanges = 800;
constexpr std::uint64_t lines = 10'000;
static_assert(areas.size() * exchanges * lines == number_space);

constexpr std::uint16_t no_area = 0xffff;
constexpr auto area_index = [] {
  std::array<std::uint16_t, 1000> table{};
  table.fill(no_area);
  for (std::size_t i = 0; i < areas.size(); i++)
    table[areas[i]] = static_cast<std::uint16_t>(i);
  return table;
}();

void write_digits(char* out, std::uint64_t value, int width) {
  for (int i = width - 1; i >= 0; i--, value /= 10)
    out[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

void write_number(std::uint64_t index, char* out) {
  index %= number_space;
  out[0] = '1';
  write_digits(out + 1, areas[index % areas.size()], 3);
  index /= areas.size();
  write_digits(out + 4, 200 + index % exchanges, 3);
  write_digits(out + 7, index / exchanges, 4);
}

std::optional<std::uint64_t> number_index(std::string_view digits) {
  if (digits.size() != number_digits || digits[0] != '1') return std::nullopt;
  std::uint64_t value = 0;
  for (const char digit : digits.substr(1)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  const std::uint64_t area = area_index[value / 10'000'000];
  const std::uint64_t exchange = value / lines % 1000;
  if (area == no_area || exchange < 200) return std::nullopt;
  return (value % lines * exchanges + (exchange - 200)) * areas.size() + area;
}

}  // namespace otpd::bench
