#include "net/answer_parser.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "net/ascii.hpp"
#include "net/field_syntax.hpp"

namespace otpd::net {

using step = answer_parser::step;

namespace {

bool parse_number(std::string_view text, int base, std::uint64_t& out) noexcept {
  if (text.empty()) return false;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return ec == std::errc{} && end == text.data() + text.size();
}

// "HTTP/1.1 200 OK", "HTTP/1.0 200". Zero if it is not one.
unsigned parse_status_line(std::string_view line, bool& is_1_1) noexcept {
  constexpr std::size_t up_to_status = std::string_view{"HTTP/1.1 200"}.size();
  if (line.size() < up_to_status || (line.size() > up_to_status && line[up_to_status] != ' ')) return 0;
  if (!line.starts_with("HTTP/1.1 ") && !line.starts_with("HTTP/1.0 ")) return 0;
  if (!is_field_value(line)) return 0;
  is_1_1 = line[7] == '1';
  std::uint64_t status = 0;
  if (!parse_number(line.substr(9, 3), 10, status)) return 0;
  return static_cast<unsigned>(status);
}

bool names_option(std::string_view list, std::string_view option) noexcept {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
    item = item.substr(0, item.find_last_not_of(" \t") + 1);
    if (equal_without_case(item, option)) return true;
  }
  return false;
}

}  // namespace

step answer_parser::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    step now = step::more;
    switch (x_state) {
      case state::head:
        now = read_head(bytes);
        break;
      case state::fixed:
      case state::chunk_data:
      case state::until_close:
        now = read_data(bytes);
        break;
      case state::chunk_line:
      case state::chunk_end:
      case state::trailer:
        now = read_line(bytes);
        break;
      case state::done:
        return step::malformed;
    }
    if (now == step::done) {
      x_state = state::done;
      x_excess = !bytes.empty();
    }
    if (now != step::more) return now;
  }
  return step::more;
}

step answer_parser::finish() noexcept {
  if (x_state != state::until_close) return step::malformed;
  x_state = state::done;
  return step::done;
}

step answer_parser::read_head(std::string_view& bytes) {
  constexpr std::string_view end_of_head = "\r\n\r\n";
  // The common case is one piece: then the head is parsed where it lies.
  const std::size_t searched = x_line.empty() ? 0 : x_line.size() - std::min<std::size_t>(x_line.size(), 3);
  const std::size_t carried = x_line.size();
  std::string_view head = bytes;
  if (carried > 0) head = x_line.append(bytes.substr(0, x_bounds.head + 1 - x_overhead));

  const std::size_t end = head.find(end_of_head, searched);
  const std::size_t taken =
      (end == std::string_view::npos ? head.size() : end + end_of_head.size()) - carried;
  x_overhead += std::min(taken, x_bounds.head + 1);
  if (x_overhead > x_bounds.head) return step::too_large;
  if (end == std::string_view::npos) {
    if (carried == 0) x_line.assign(bytes);
    bytes = {};
    return step::more;
  }
  bytes.remove_prefix(taken);
  const std::string whole = carried > 0 ? std::exchange(x_line, {}) : std::string{};
  return parse_head(carried > 0 ? std::string_view{whole}.substr(0, end + 2) : head.substr(0, end + 2));
}

step answer_parser::parse_head(std::string_view head) {
  bool is_1_1 = false;
  const unsigned status = parse_status_line(take_line(head), is_1_1);
  if (status < 100 || status > 599 || status == 101) return step::malformed;
  x_chunked = false;
  x_has_length = false;
  x_keep_alive = is_1_1;
  if (!parse_fields(head)) return step::malformed;
  if (status < 200) return step::more;
  x_answer.status = status;
  x_answer.fields.assign(head);
  return choose_framing();
}

bool answer_parser::parse_fields(std::string_view lines) {
  while (!lines.empty()) {
    const auto line = split_field(take_line(lines));
    if (!line) return false;
    if (equal_without_case(line->name, "content-length")) {
      std::uint64_t length = 0;
      if (!parse_number(line->value, 10, length) || (x_has_length && length != x_length)) return false;
      x_has_length = true;
      x_length = length;
    } else if (equal_without_case(line->name, "transfer-encoding")) {
      if (x_chunked || !equal_without_case(line->value, "chunked")) return false;
      x_chunked = true;
    } else if (equal_without_case(line->name, "connection") && names_option(line->value, "close")) {
      x_keep_alive = false;
    }
  }
  return !(x_chunked && x_has_length);
}

step answer_parser::choose_framing() {
  if (x_answers_head || x_answer.status == 204 || x_answer.status == 304) return step::done;
  if (x_chunked) {
    x_state = state::chunk_line;
    return step::more;
  }
  if (!x_has_length) {
    x_keep_alive = false;
    x_left = x_bounds.body + 1;
    x_state = state::until_close;
    return step::more;
  }
  if (x_length > x_bounds.body) return step::too_large;
  x_left = x_length;
  x_state = state::fixed;
  return x_left == 0 ? step::done : step::more;
}

step answer_parser::read_data(std::string_view& bytes) {
  const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(x_left, bytes.size()));
  if (x_answer.body.size() + taken > x_bounds.body) return step::too_large;
  x_answer.body.append(bytes.substr(0, taken));
  bytes.remove_prefix(taken);
  x_left -= taken;
  if (x_left > 0) return step::more;
  if (x_state == state::fixed) return step::done;
  x_state = state::chunk_end;
  return step::more;
}

step answer_parser::read_line(std::string_view& bytes) {
  const std::size_t newline = bytes.find('\n');
  const std::size_t taken = newline == std::string_view::npos ? bytes.size() : newline + 1;
  x_overhead += std::min(taken, x_bounds.head + 1);
  if (x_overhead > x_bounds.head) return step::too_large;
  x_line.append(bytes.substr(0, taken));
  bytes.remove_prefix(taken);
  return newline == std::string_view::npos ? step::more : end_line();
}

step answer_parser::end_line() {
  const std::string line = std::exchange(x_line, {});
  if (!line.ends_with("\r\n") || !is_field_value(std::string_view{line}.substr(0, line.size() - 2)))
    return step::malformed;
  const std::string_view text = std::string_view{line}.substr(0, line.size() - 2);
  if (x_state == state::trailer) return text.empty() ? step::done : step::more;
  if (x_state == state::chunk_end) {
    x_state = state::chunk_line;
    return text.empty() ? step::more : step::malformed;
  }
  // A chunk line: the size, then perhaps extensions that mean nothing to us.
  if (!parse_number(text.substr(0, text.find_first_of("; \t")), 16, x_left)) return step::malformed;
  if (x_left > x_bounds.body) return step::too_large;
  x_state = x_left == 0 ? state::trailer : state::chunk_data;
  return step::more;
}

}  // namespace otpd::net
