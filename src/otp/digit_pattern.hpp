#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace otpd::otp {

// A regular expression over decimal digits, as phone metadata write them: digits, \d, classes like [02-59],
// groups (..) and
// (?:..), |, ?, *, +, {n} and {n,m}. It matches the whole text. Kept as Glushkov's position automaton: one
// state for each digit of the pattern, no empty moves, so it can be merged with others and made deterministic
// (digit_automaton).
class digit_pattern {
 public:
  struct position {
    std::uint16_t digits = 0;           // bit d: digit d may be read here
    bool last = false;                  // the text may end here
    std::vector<std::uint16_t> follow;  // positions that may be read next; ascending
  };

  // Nothing if `text` uses anything else, is malformed, or has more than 60,000 positions.
  [[nodiscard]] static std::optional<digit_pattern> parse(std::string_view text);

  // Position 0 stands before the first digit: nothing is read there, its `last` says whether the empty text
  // matches.
  [[nodiscard]] const std::vector<position>& positions() const noexcept { return positions_; }

  // True if all of `text` matches; false if it contains anything but ASCII digits. For tests and rare use: it
  // allocates.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  friend class digit_pattern_parser;
  digit_pattern() = default;

  std::vector<position> positions_;
};

}  // namespace otpd::otp
