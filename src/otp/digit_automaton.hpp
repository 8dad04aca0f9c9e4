#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace otpd::otp {

// A deterministic automaton over decimal digits that has no cycles: it says something about short texts only.
// Built from the leaves up; equal rows are one node, so it is minimal. Immutable once built, then safe for
// any number of threads.
class digit_automaton {
 public:
  using node = std::uint16_t;
  // What a text is worth; 0 is nothing.
  using verdict = std::uint16_t;
  struct row {
    std::array<node, 10> next{};  // by digit
    verdict value = 0;            // of the text that ends here
    [[nodiscard]] bool operator==(const row&) const = default;
  };

  static constexpr node nothing = 0;  // here and wherever one goes from here the verdict is 0

  // The verdict of `digits`, read from `from`: one table row for each. 0 if it contains anything but ASCII
  // digits.
  [[nodiscard]] verdict walk(node from, std::string_view digits) const noexcept {
    for (const char c : digits) {
      const auto digit = static_cast<unsigned char>(c - '0');
      if (digit > 9) return 0;
      from = rows_[from].next[digit];
    }
    return rows_[from].value;
  }

  [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return rows_.capacity() * sizeof(row); }

 private:
  friend class digit_automaton_builder;
  std::vector<row> rows_{row{}};
};

class digit_automaton_builder {
 public:
  // The node of this row, which may lead only to nodes that were returned before. Throws std::length_error
  // past 65,536 nodes.
  digit_automaton::node add(const digit_automaton::row& row) {
    const auto [found, is_new] =
        nodes_.try_emplace(row, static_cast<digit_automaton::node>(result_.rows_.size()));
    if (is_new) {
      if (result_.rows_.size() > UINT16_MAX) throw std::length_error("digit automaton: too many nodes");
      result_.rows_.push_back(row);
    }
    return found->second;
  }

  [[nodiscard]] digit_automaton finish() && {
    result_.rows_.shrink_to_fit();
    return std::move(result_);
  }

 private:
  struct row_hash {
    std::size_t operator()(const digit_automaton::row& row) const noexcept {
      std::size_t hash = row.value;
      for (const auto next : row.next)
        hash = (hash ^ next) * 0x9e3779b97f4a7c15U + (hash >> 29);
      return hash;
    }
  };

  digit_automaton result_;
  std::unordered_map<digit_automaton::row, digit_automaton::node, row_hash> nodes_{
      {digit_automaton::row{}, digit_automaton::nothing}};
};

}  // namespace otpd::otp
