#include "otp/numbering_plan.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <unordered_map>

#include "otp/digit_pattern.hpp"

namespace otpd::otp {
namespace {

constexpr std::size_t max_digits = 15;  // ITU-T E.164, 6.1

// All patterns of a calling code as one set of positions.
class merged_patterns {
 public:
  using id = std::size_t;
  static constexpr id never = SIZE_MAX;  // the pattern that matches nothing

  struct position {
    std::uint16_t digits = 0;
    id ends = never;  // the pattern that may end here
    std::vector<std::uint16_t> follow;
  };

  // False if the pattern is not a digit_pattern, or is one too many.
  bool add(const std::string& text, const std::vector<int>& lengths, id& added);

  // The positions before the first digit, ascending.
  const std::u16string& start() const { return start_; }
  const position& at(char16_t index) const { return positions_[index]; }
  std::size_t count() const { return lengths_.size(); }
  bool has_length(id pattern, std::size_t length) const { return (lengths_[pattern] >> length & 1) != 0; }

 private:
  std::vector<position> positions_;
  std::vector<std::uint32_t> lengths_;  // by pattern: bit n set if it has texts of length n
  std::u16string start_;
};

bool merged_patterns::add(const std::string& text, const std::vector<int>& lengths, id& added) {
  added = never;
  std::uint32_t mask = lengths.empty() ? UINT32_MAX : 0;
  for (const int length : lengths) {
    if (length >= 0 && length < 32) mask |= std::uint32_t{1} << length;
  }
  if (text.empty() || mask == 0) return true;
  const auto pattern = digit_pattern::parse(text);
  const std::size_t base = positions_.size();
  if (!pattern || base + pattern->positions().size() > UINT16_MAX) return false;

  added = lengths_.size();
  lengths_.push_back(mask);
  start_.push_back(static_cast<char16_t>(base));
  for (const auto& p : pattern->positions()) {
    auto& copy = positions_.emplace_back(position{p.digits, p.last ? added : never, p.follow});
    for (auto& q : copy.follow)
      q = static_cast<std::uint16_t>(q + base);
  }
  return true;
}

// Subset construction for one calling code. A state is a set of positions together with how many digits were
// read: lengths count, and every text is short, so there are no cycles and nodes can be shared from the
// leaves up.
class calling_code_compiler {
 public:
  using node = digit_automaton::node;
  using verdict = digit_automaton::verdict;

  calling_code_compiler(digit_automaton_builder& builder, std::size_t code_digits)
      : builder_(builder), max_length_(max_digits - code_digits) {}

  // False if a pattern is beyond us. `countries[i]` is the verdict for the code's i-th region.
  bool read(const calling_code& code, std::vector<verdict> countries);
  // The node where national numbers begin.
  node compile() { return node_of(patterns_.start(), 0); }

 private:
  using id = merged_patterns::id;
  using state = std::u16string;  // ascending; as a string because it has a hash
  struct kind {
    id pattern;
    bool accepted;
  };
  struct region {
    verdict country;
    bool has_leading_digits;
    id leading_digits;
    id general;
    std::vector<kind> kinds;
  };

  node node_of(state positions, std::size_t length);
  bool matched(id pattern) const { return pattern != merged_patterns::never && matched_[pattern]; }
  void match(const state& positions, std::size_t length);
  const kind* kind_of(const region& where) const;
  verdict judge() const;

  digit_automaton_builder& builder_;
  std::size_t max_length_;
  merged_patterns patterns_;
  id national_prefix_ = merged_patterns::never;
  std::vector<region> regions_;
  std::vector<bool> matched_;  // by pattern, in the state that is being judged
  std::unordered_map<state, node> known_;
};

bool calling_code_compiler::read(const calling_code& code, std::vector<verdict> countries) {
  if (!patterns_.add(code.national_prefix, {}, national_prefix_)) return false;
  for (std::size_t i = 0; i < code.regions.size(); ++i) {
    const auto& from = code.regions[i];
    auto& to = regions_.emplace_back();
    to.country = countries[i];
    to.has_leading_digits = !from.leading_digits.empty();
    // What begins with them keeps matching.
    const auto leading = to.has_leading_digits ? "(?:" + from.leading_digits + ")\\d*" : "";
    if (!patterns_.add(leading, {}, to.leading_digits)) return false;
    if (!patterns_.add(from.general.pattern, from.general.lengths, to.general)) return false;
    for (const auto& number_kind : from.kinds) {
      id pattern = merged_patterns::never;
      if (!patterns_.add(number_kind.pattern, number_kind.lengths, pattern)) return false;
      to.kinds.push_back({pattern, number_kind.accepted});
    }
  }
  return true;
}

auto calling_code_compiler::node_of(state positions, std::size_t length) -> node {
  if (positions.empty() || length > max_length_) return digit_automaton::nothing;
  state key = positions;
  key.push_back(static_cast<char16_t>(length));
  if (const auto found = known_.find(key); found != known_.end()) return found->second;

  node result = digit_automaton::nothing;
  match(positions, length);
  // If a prefix could be stripped, now or from any longer number, the library decides.
  if (length == 0 || !matched(national_prefix_)) {
    digit_automaton::row row;
    row.value = judge();
    std::array<state, 10> next;
    for (const char16_t p : positions) {
      for (const auto q : patterns_.at(p).follow) {
        for (unsigned digit = 0; digit < 10; ++digit) {
          if ((patterns_.at(q).digits >> digit & 1) != 0) next[digit].push_back(q);
        }
      }
    }
    for (unsigned digit = 0; digit < 10; ++digit) {
      std::ranges::sort(next[digit]);
      auto& reached = next[digit];
      reached.erase(std::unique(reached.begin(), reached.end()), reached.end());
      row.next[digit] = node_of(std::move(reached), length + 1);
    }
    result = builder_.add(row);
  }
  known_.emplace(std::move(key), result);
  return result;
}

void calling_code_compiler::match(const state& positions, std::size_t length) {
  matched_.assign(patterns_.count(), false);
  for (const char16_t p : positions) {
    const id pattern = patterns_.at(p).ends;
    if (pattern != merged_patterns::never && patterns_.has_length(pattern, length)) matched_[pattern] = true;
  }
}

// As libphonenumber's GetNumberType: the first kind that matches, in its order; null if none.
auto calling_code_compiler::kind_of(const region& where) const -> const kind* {
  if (!matched(where.general)) return nullptr;
  const auto found = std::ranges::find_if(where.kinds, [&](const kind& k) { return matched(k.pattern); });
  return found == where.kinds.end() ? nullptr : &*found;
}

// As its GetRegionCodeForNumber, then IsValidNumberForRegion: the first region whose leading digits match or,
// where it has none, which knows the kind.
auto calling_code_compiler::judge() const -> verdict {
  for (const auto& where : regions_) {
    const kind* const found = kind_of(where);
    if (!(where.has_leading_digits ? matched(where.leading_digits) : found != nullptr)) continue;
    return found != nullptr && found->accepted ? where.country : verdict{0};
  }
  return 0;
}

// Calling codes are free of prefixes (ITU-T E.164, 6.2.1). Should two collide, the shorter one wins, as in
// the library.
digit_automaton::node spread(digit_automaton_builder& builder,
                             const std::map<std::string, digit_automaton::node>& codes,
                             const std::string& prefix) {
  if (const auto found = codes.find(prefix); found != codes.end()) return found->second;
  if (prefix.size() == 3) return digit_automaton::nothing;
  digit_automaton::row row;
  for (unsigned digit = 0; digit < 10; ++digit) {
    row.next[digit] = spread(builder, codes, prefix + static_cast<char>('0' + digit));
  }
  return builder.add(row);
}

}  // namespace

numbering_plan::numbering_plan(std::span<const calling_code> codes) {
  digit_automaton_builder builder;
  std::map<std::string, digit_automaton::node> roots;
  for (const auto& code : codes) {
    std::vector<digit_automaton::verdict> verdicts;
    for (const auto& region : code.regions) {
      const auto known = std::ranges::find(countries_, region.country);
      verdicts.push_back(static_cast<digit_automaton::verdict>(known - countries_.begin() + 1));
      if (known == countries_.end()) countries_.push_back(region.country);
    }
    calling_code_compiler compiler(builder, code.digits.size());
    if (compiler.read(code, std::move(verdicts))) {
      roots[code.digits] = compiler.compile();
    } else {
      roots[code.digits] = digit_automaton::nothing;
      left_out_.push_back(code.digits);
    }
  }
  root_ = spread(builder, roots, "");
  automaton_ = std::move(builder).finish();
}

}  // namespace otpd::otp
