#include "net/multipart.hpp"

#include <string>

#include "net/ascii.hpp"

namespace otpd::net {

namespace {

constexpr std::string_view line_end = "\r\n";

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

// A parameter of a header's value: ; name=value or ; name="value". Nothing if there is none.
std::optional<std::string> parameter(std::string_view header, std::string_view wanted) {
  auto at = header.find(';');
  while (at != header.npos) {
    header.remove_prefix(at + 1);
    const auto equals = header.find('=');
    if (equals == header.npos) return std::nullopt;
    const std::string_view name = trimmed(header.substr(0, equals));
    header.remove_prefix(equals + 1);
    std::string value;
    if (header.starts_with('"')) {
      std::size_t i = 1;
      for (; i < header.size() && header[i] != '"'; ++i) {
        if (header[i] == '\\' && i + 1 < header.size()) ++i;
        value += header[i];
      }
      if (i >= header.size()) return std::nullopt;
      header.remove_prefix(i + 1);
    } else {
      value = trimmed(header.substr(0, header.find(';')));
    }
    if (equal_without_case(name, wanted)) return value;
    at = header.find(';');
  }
  return std::nullopt;
}

// The value of a part's Content-Disposition; empty: it has none.
std::string_view disposition(std::string_view head) noexcept {
  constexpr std::string_view field = "content-disposition";
  while (!head.empty()) {
    const auto end = head.find(line_end);
    const std::string_view line = head.substr(0, end);
    const auto colon = line.find(':');
    if (colon != line.npos && equal_without_case(trimmed(line.substr(0, colon)), field))
      return trimmed(line.substr(colon + 1));
    if (end == head.npos) break;
    head.remove_prefix(end + line_end.size());
  }
  return {};
}

// One part between two boundaries. False: malformed.
bool take_part(std::string_view part, form& into) {
  const bool is_headless = part.starts_with(line_end);
  const auto end = is_headless ? 0 : part.find("\r\n\r\n");
  if (is_headless || end == part.npos) return false;
  const std::string_view about = disposition(part.substr(0, end));
  auto name = parameter(about, "name");
  if (!name || name->empty() || name->size() > max_form_name) return false;
  if (parameter(about, "filename")) return true;
  const std::string_view value = part.substr(end + 4);
  if (value.size() > max_form_value || into.size() == max_form_fields) return false;
  into.push_back({*std::move(name), std::string(value)});
  return true;
}

}  // namespace

std::optional<form> parse_multipart(std::string_view content_type, std::string_view body) {
  const auto boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70) return std::nullopt;
  // Each boundary but the first follows a line end that belongs to it.
  const std::string first = "--" + *boundary, next = std::string(line_end) + first;
  if (!body.starts_with(first)) return std::nullopt;
  body.remove_prefix(first.size());
  form out;
  while (!body.starts_with("--")) {
    if (!body.starts_with(line_end)) return std::nullopt;
    body.remove_prefix(line_end.size());
    const auto end = body.find(next);
    if (end == body.npos || !take_part(body.substr(0, end), out)) return std::nullopt;
    body.remove_prefix(end + next.size());
  }
  return out;
}

}  // namespace otpd::net
