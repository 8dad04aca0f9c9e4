#include "mail/smtp_reply.hpp"

#include <algorithm>

#include "net/ascii.hpp"

namespace otpd::mail {

using net::is_digit;
using std::string_view;

namespace {

// Reads 1..3 digits; removes them.
bool take_number(string_view& text, std::uint16_t& out) noexcept {
  std::size_t count = 0;
  unsigned value = 0;
  while (count < text.size() && count < 3 && is_digit(text[count]))
    value = value * 10 + static_cast<unsigned>(text[count++] - '0');
  text.remove_prefix(count);
  out = static_cast<std::uint16_t>(value);
  return count > 0;
}

bool take_dot(string_view& text) noexcept {
  if (!text.starts_with('.')) return false;
  text.remove_prefix(1);
  return true;
}

// The status at the front of `text`; removes it and the blank after it.
enhanced_status take_status(string_view& text) noexcept {
  string_view rest = text;
  enhanced_status out;
  const bool is_status = take_number(rest, out.kind) && take_dot(rest) && take_number(rest, out.subject) &&
                         take_dot(rest) && take_number(rest, out.detail) &&
                         (out.kind == 2 || out.kind == 4 || out.kind == 5) &&
                         (rest.empty() || rest.front() == ' ' || rest.front() == '\n');
  if (!is_status) return {};
  if (rest.starts_with(' ')) rest.remove_prefix(1);
  text = rest;
  return out;
}

// Where `mark`, in lower case, ends in `text`, or npos.
std::size_t find_end_of(string_view text, string_view mark) noexcept {
  const auto found = std::ranges::search(text, mark, {}, net::to_lower);
  return found.empty() ? string_view::npos : static_cast<std::size_t>(found.end() - text.begin());
}

}  // namespace

enhanced_status parse_enhanced_status(string_view text) noexcept {
  return take_status(text);
}

std::string queue_name(string_view text) {
  constexpr std::size_t longest_name = 128;
  text = text.substr(0, text.find('\n'));
  take_status(text);
  for (const string_view mark : {"queued as ", "id="}) {
    const std::size_t begin = find_end_of(text, mark);
    if (begin == string_view::npos) continue;
    text.remove_prefix(begin);
    text = text.substr(0, text.find(' '));
    break;
  }
  std::string name{text.substr(0, longest_name)};
  std::ranges::replace_if(
      name, [](char c) { return c < ' ' || c > '~'; }, '?');
  return name;
}

smtp_reply_parser::step smtp_reply_parser::feed(string_view& bytes) {
  while (!bytes.empty()) {
    const char c = bytes.front();
    bytes.remove_prefix(1);
    const bool follows_cr = line_.ends_with('\r');
    if (c == '\0' || follows_cr != (c == '\n')) return step::malformed;
    line_ += c;
    if (line_.size() > longest_line) return step::malformed;
    if (c != '\n') continue;
    const step next = end_line();
    if (next != step::more) return next;
    line_.clear();
  }
  return step::more;
}

smtp_reply_parser::step smtp_reply_parser::end_line() {
  string_view line{line_.data(), line_.size() - 2};
  if (line.size() < 3 || ++lines_ > most_lines) return step::malformed;
  const bool has_code =
      line[0] >= '2' && line[0] <= '5' && line[1] >= '0' && line[1] <= '5' && is_digit(line[2]);
  if (!has_code) return step::malformed;
  const unsigned code = static_cast<unsigned>((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
  if (lines_ > 1 && code != reply_.code) return step::malformed;
  reply_.code = code;

  line.remove_prefix(3);
  const bool goes_on = line.starts_with('-');
  if (!line.empty() && !goes_on && line.front() != ' ') return step::malformed;
  if (!line.empty()) line.remove_prefix(1);
  reply_.text.append(line).append("\n");
  if (goes_on) return step::more;
  reply_.status = parse_enhanced_status(reply_.text);
  // RFC 2034: the class has to agree with the code.
  if (reply_.status.kind != reply_.kind()) reply_.status = {};
  return step::done;
}

}  // namespace otpd::mail
