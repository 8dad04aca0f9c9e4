#include "net/form.hpp"

#include <algorithm>

#include "net/ascii.hpp"

namespace otpd::net {

namespace {

constexpr int hex_value(char c) noexcept {
  const char low = to_lower(c);
  if (is_digit(c)) return c - '0';
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

// Appends what `text` stands for; false if it is malformed.
bool decode(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c <= ' ' || c > '~') return false;
    if (c != '%') {
      out.push_back(c == '+' ? ' ' : c);
      continue;
    }
    if (text.size() - i < 3) return false;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return false;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return true;
}

}  // namespace

std::optional<form> parse_form(std::string_view text) {
  form out;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(piece.size() + 1, text.size()));
    if (piece.empty()) continue;
    if (out.size() == max_form_fields) return std::nullopt;
    const std::size_t mark = std::min(piece.find('='), piece.size());
    form_field& field = out.emplace_back();
    if (!decode(piece.substr(0, mark), field.name) || field.name.empty()) return std::nullopt;
    if (mark < piece.size() && !decode(piece.substr(mark + 1), field.value)) return std::nullopt;
    if (field.name.size() > max_form_name || field.value.size() > max_form_value) return std::nullopt;
  }
  return out;
}

const std::string* find_only(const form& fields, std::string_view name) noexcept {
  const std::string* found = nullptr;
  for (const form_field& each : fields) {
    if (each.name != name) continue;
    if (found != nullptr) return nullptr;
    found = &each.value;
  }
  return found;
}

}  // namespace otpd::net
