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

// The byte that an escape at the beginning of `text` stands for; -1: there is none.
int escaped_byte(std::string_view text) noexcept {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = hex_value(text[1]);
  const int low = hex_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// Appends what `text` stands for; false if it is malformed.
bool decode(std::string_view text, form_syntax syntax, std::string& out) {
  const bool is_strict = syntax == form_syntax::strict;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_strict && (c <= ' ' || c > '~')) return false;
    const int byte = escaped_byte(text.substr(i));
    if (is_strict && c == '%' && byte < 0) return false;
    if (byte >= 0) i += 2;
    out.push_back(byte >= 0 ? static_cast<char>(byte) : c == '+' ? ' ' : c);
  }
  return true;
}

}  // namespace

std::optional<form> parse_form(std::string_view text, form_syntax syntax) {
  form out;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(piece.size() + 1, text.size()));
    if (piece.empty()) continue;
    const std::size_t mark = std::min(piece.find('='), piece.size());
    if (mark == 0 && syntax == form_syntax::lenient) continue;
    if (out.size() == max_form_fields) return std::nullopt;
    form_field& field = out.emplace_back();
    if (!decode(piece.substr(0, mark), syntax, field.name) || field.name.empty()) return std::nullopt;
    if (mark < piece.size() && !decode(piece.substr(mark + 1), syntax, field.value)) return std::nullopt;
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
