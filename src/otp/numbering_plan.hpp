#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "otp/digit_automaton.hpp"

namespace otpd::otp {

// Numbers of one kind: all of the national number matches the pattern (see digit_pattern; empty: none does)
// and its length is one of `lengths` (empty: any).
struct number_kind {
  std::string pattern;
  std::vector<int> lengths;
  bool accepted = false;  // we send to this kind
};

struct numbering_region {
  std::string country;             // what numbers of this region answer
  std::string leading_digits;      // pattern of the start of its numbers; empty: they are told by the kinds
  number_kind general;             // a number of any kind matches this too; `accepted` means nothing
  std::vector<number_kind> kinds;  // the first that matches decides
};

// A calling code as libphonenumber describes it.
struct calling_code {
  std::string digits;           // "44"
  std::string national_prefix;  // pattern of what is stripped from the start of a national number
  std::vector<numbering_region>
      regions;  // main region first, then in the library's order: the first that claims a number has it
};

// Which E.164 numbers are beyond doubt, compiled into one automaton. A calling code whose patterns go beyond
// digit_pattern is left out: its numbers are all in doubt. Immutable, safe for any number of threads.
class numbering_plan {
 public:
  explicit numbering_plan(std::span<const calling_code> codes);

  // The country of `text` if it is '+' and 7 to 15 digits, canonical already, valid and of an accepted kind.
  // Nothing if that is not certain, which is no refusal. The view lives as long as the plan.
  [[nodiscard]] std::optional<std::string_view> country_of(std::string_view text) const noexcept {
    if (text.size() < 8 || text.size() > 16 || text[0] != '+') return std::nullopt;
    const auto verdict = automaton_.walk(root_, text.substr(1));
    if (verdict == 0) return std::nullopt;
    return countries_[verdict - 1U];
  }

  // Digits of calling codes that were left out.
  [[nodiscard]] const std::vector<std::string>& left_out() const noexcept { return left_out_; }
  [[nodiscard]] std::size_t nodes() const noexcept { return automaton_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return automaton_.bytes(); }

 private:
  std::vector<std::string> countries_;
  std::vector<std::string> left_out_;
  digit_automaton automaton_;
  digit_automaton::node root_ = digit_automaton::nothing;
};

}  // namespace otpd::otp
