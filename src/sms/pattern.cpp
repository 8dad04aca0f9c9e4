#include "sms/pattern.hpp"

#include <algorithm>
#include <stdexcept>

namespace otpd::sms {

namespace {

// The name in "{name}" at the start of `text`, or nothing.
std::string_view name_at(std::string_view text) noexcept {
  const std::size_t end = text.find('}');
  if (end == std::string_view::npos || end < 2) return {};
  const std::string_view name = text.substr(1, end - 1);
  const bool plain =
      std::all_of(name.begin(), name.end(), [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); });
  return plain ? name : std::string_view{};
}

}  // namespace

pattern::pattern(std::string_view text, std::span<const std::string_view> names) {
  std::string literal;
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find('{'), text.size());
    literal.append(text.substr(0, brace));
    text.remove_prefix(brace);
    if (text.empty()) break;
    const std::string_view name = name_at(text);
    if (name.empty()) {
      literal.push_back('{');
      text.remove_prefix(1);
      continue;
    }
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) throw std::invalid_argument("unknown name {" + std::string{name} + "}");
    pieces_.push_back({std::move(literal), static_cast<std::size_t>(at - names.begin())});
    literal.clear();
    text.remove_prefix(name.size() + 2);
  }
  if (!literal.empty()) pieces_.push_back({std::move(literal), no_name});
}

bool pattern::uses(std::size_t name) const noexcept {
  return std::any_of(pieces_.begin(), pieces_.end(), [name](const piece& each) { return each.name == name; });
}

bool pattern::is_constant() const noexcept {
  return std::all_of(pieces_.begin(), pieces_.end(), [](const piece& each) { return each.name == no_name; });
}

}  // namespace otpd::sms
