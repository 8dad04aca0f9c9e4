#include "otp/digit_pattern.hpp"

#include <algorithm>

namespace otpd::otp {
namespace {

constexpr std::size_t max_positions = 60'000;
constexpr unsigned max_repeat = 99;
constexpr unsigned max_nesting = 50;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

// Recursive descent straight to positions: each rule returns the edge of what it read, and joins inner edges
// on the way. A counted repeat reads the same text again, which makes fresh positions for it.
class digit_pattern_parser {
 public:
  explicit digit_pattern_parser(std::string_view text) : text_(text) {}

  std::optional<digit_pattern> run();

 private:
  using positions = std::vector<std::uint16_t>;
  struct edge {
    bool empty = true;  // it can match nothing
    positions first;
    positions last;
  };
  struct repeat {
    unsigned min = 1;
    unsigned max = 1;
    bool forever = false;  // no maximum
  };

  std::optional<edge> alternatives();
  std::optional<edge> sequence();
  std::optional<edge> repeated();
  std::optional<edge> atom();
  std::optional<edge> group();
  std::optional<repeat> quantifier();
  std::optional<unsigned> number();
  std::optional<std::uint16_t> digit_class();
  std::optional<edge> digits(std::uint16_t set);

  void join(const positions& before, const positions& after);
  void append(edge& whole, edge&& next);
  bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) { return at(c) && (++at_, true); }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned nesting_ = 0;
  digit_pattern result_;
};

std::optional<digit_pattern> digit_pattern_parser::run() {
  result_.positions_.emplace_back();
  auto whole = alternatives();
  if (!whole || at_ != text_.size()) return std::nullopt;
  join({0}, whole->first);
  result_.positions_[0].last = whole->empty;
  for (const auto p : whole->last)
    result_.positions_[p].last = true;
  for (auto& p : result_.positions_) {
    std::ranges::sort(p.follow);
    p.follow.erase(std::unique(p.follow.begin(), p.follow.end()), p.follow.end());
  }
  return std::move(result_);
}

auto digit_pattern_parser::alternatives() -> std::optional<edge> {
  auto whole = sequence();
  while (whole && take('|')) {
    auto next = sequence();
    if (!next) return std::nullopt;
    whole->empty = whole->empty || next->empty;
    whole->first.insert(whole->first.end(), next->first.begin(), next->first.end());
    whole->last.insert(whole->last.end(), next->last.begin(), next->last.end());
  }
  return whole;
}

auto digit_pattern_parser::sequence() -> std::optional<edge> {
  edge whole;
  while (at_ < text_.size() && !at('|') && !at(')')) {
    auto next = repeated();
    if (!next) return std::nullopt;
    append(whole, std::move(*next));
  }
  return whole;
}

auto digit_pattern_parser::repeated() -> std::optional<edge> {
  const std::size_t begin = at_;
  auto whole = atom();
  if (!whole) return std::nullopt;
  const std::size_t end = at_;
  const auto times = quantifier();
  if (!times) return std::nullopt;
  const std::size_t after = at_;

  if (times->forever) join(whole->last, whole->first);
  if (times->min == 0) whole->empty = true;
  for (unsigned i = 1; i < times->max; ++i) {
    at_ = begin;
    auto copy = atom();
    if (!copy || at_ != end) return std::nullopt;
    if (i >= times->min) copy->empty = true;
    append(*whole, std::move(*copy));
  }
  at_ = after;
  return whole;
}

auto digit_pattern_parser::atom() -> std::optional<edge> {
  if (at_ >= text_.size()) return std::nullopt;
  const char c = text_[at_++];
  if (is_digit(c)) return digits(static_cast<std::uint16_t>(1U << (c - '0')));
  if (c == '\\' && take('d')) return digits(0x3ff);
  if (c == '(') return group();
  if (c != '[') return std::nullopt;
  const auto set = digit_class();
  return set ? digits(*set) : std::nullopt;
}

auto digit_pattern_parser::group() -> std::optional<edge> {
  if (take('?') && !take(':')) return std::nullopt;
  if (++nesting_ > max_nesting) return std::nullopt;
  auto inner = alternatives();
  --nesting_;
  if (!inner || !take(')')) return std::nullopt;
  return inner;
}

// After '[': digits, \d and ranges up to ']'.
std::optional<std::uint16_t> digit_pattern_parser::digit_class() {
  unsigned set = 0;
  while (at_ < text_.size() && !at(']')) {
    const char low = text_[at_++];
    if (low == '\\' && take('d')) {
      set |= 0x3ff;
      continue;
    }
    if (!is_digit(low)) return std::nullopt;
    char high = low;
    if (take('-')) {
      if (at_ >= text_.size() || !is_digit(text_[at_]) || text_[at_] < low) return std::nullopt;
      high = text_[at_++];
    }
    for (char c = low; c <= high; ++c)
      set |= 1U << (c - '0');
  }
  if (!take(']') || set == 0) return std::nullopt;
  return static_cast<std::uint16_t>(set);
}

// A second quantifier would mean a lazy or possessive match: not of this dialect, and refused by atom().
auto digit_pattern_parser::quantifier() -> std::optional<repeat> {
  if (take('?')) return repeat{0, 1, false};
  if (take('*')) return repeat{0, 1, true};
  if (take('+')) return repeat{1, 1, true};
  if (!take('{')) return repeat{};
  const auto min = number();
  const auto max = take(',') ? number() : min;
  if (!min || !max || *max == 0 || *min > *max || *max > max_repeat || !take('}')) return std::nullopt;
  return repeat{*min, *max, false};
}

std::optional<unsigned> digit_pattern_parser::number() {
  const std::size_t begin = at_;
  unsigned value = 0;
  while (at_ < text_.size() && is_digit(text_[at_]) && value <= max_repeat) {
    value = value * 10 + static_cast<unsigned>(text_[at_++] - '0');
  }
  if (at_ == begin) return std::nullopt;
  return value;
}

auto digit_pattern_parser::digits(std::uint16_t set) -> std::optional<edge> {
  if (result_.positions_.size() >= max_positions) return std::nullopt;
  const auto index = static_cast<std::uint16_t>(result_.positions_.size());
  result_.positions_.push_back({set, false, {}});
  return edge{false, {index}, {index}};
}

void digit_pattern_parser::join(const positions& before, const positions& after) {
  for (const auto p : before) {
    auto& follow = result_.positions_[p].follow;
    follow.insert(follow.end(), after.begin(), after.end());
  }
}

void digit_pattern_parser::append(edge& whole, edge&& next) {
  join(whole.last, next.first);
  if (whole.empty) whole.first.insert(whole.first.end(), next.first.begin(), next.first.end());
  if (next.empty) {
    whole.last.insert(whole.last.end(), next.last.begin(), next.last.end());
  } else {
    whole.last = std::move(next.last);
  }
  whole.empty = whole.empty && next.empty;
}

std::optional<digit_pattern> digit_pattern::parse(std::string_view text) {
  return digit_pattern_parser(text).run();
}

bool digit_pattern::matches(std::string_view text) const {
  std::vector<bool> now(positions_.size());
  now[0] = true;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    std::vector<bool> next(positions_.size());
    for (std::size_t p = 0; p < positions_.size(); ++p) {
      if (!now[p]) continue;
      for (const auto q : positions_[p].follow) {
        if ((positions_[q].digits >> (c - '0') & 1) != 0) next[q] = true;
      }
    }
    now = std::move(next);
  }
  for (std::size_t p = 0; p < positions_.size(); ++p) {
    if (now[p] && positions_[p].last) return true;
  }
  return false;
}

}  // namespace otpd::otp
