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
    switch (state_) {
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
      state_ = state::done;
      excess_ = !bytes.empty();
    }
    if (now != step::more) return now;
  }
  return step::more;
}

step answer_parser::finish() noexcept {
  if (state_ != state::until_close) return step::malformed;
  state_ = state::done;
  return step::done;
}

step answer_parser::read_head(std::string_view& bytes) {
  constexpr std::string_view end_of_head = "\r\n\r\n";
  // The common case is one piece: then the head is parsed where it lies.
  const std::size_t searched = line_.empty() ? 0 : line_.size() - std::min<std::size_t>(line_.size(), 3);
  const std::size_t carried = line_.size();
  std::string_view head = bytes;
  if (carried > 0) head = line_.append(bytes.substr(0, bounds_.head + 1 - overhead_));

  const std::size_t end = head.find(end_of_head, searched);
  const std::size_t taken =
      (end == std::string_view::npos ? head.size() : end + end_of_head.size()) - carried;
  overhead_ += std::min(taken, bounds_.head + 1);
  if (overhead_ > bounds_.head) return step::too_large;
  if (end == std::string_view::npos) {
    if (carried == 0) line_.assign(bytes);
    bytes = {};
    return step::more;
  }
  bytes.remove_prefix(taken);
  const std::string whole = carried > 0 ? std::exchange(line_, {}) : std::string{};
  return parse_head(carried > 0 ? std::string_view{whole}.substr(0, end + 2) : head.substr(0, end + 2));
}

step answer_parser::parse_head(std::string_view head) {
  bool is_1_1 = false;
  const unsigned status = parse_status_line(take_line(head), is_1_1);
  if (status < 100 || status > 599 || status == 101) return step::malformed;
  chunked_ = false;
  has_length_ = false;
  keep_alive_ = is_1_1;
  if (!parse_fields(head)) return step::malformed;
  if (status < 200) return step::more;
  answer_.status = status;
  answer_.fields.assign(head);
  return choose_framing();
}

bool answer_parser::parse_fields(std::string_view lines) {
  while (!lines.empty()) {
    const auto line = split_field(take_line(lines));
    if (!line) return false;
    if (equal_without_case(line->name, "content-length")) {
      std::uint64_t length = 0;
      if (!parse_number(line->value, 10, length) || (has_length_ && length != length_)) return false;
      has_length_ = true;
      length_ = length;
    } else if (equal_without_case(line->name, "transfer-encoding")) {
      if (chunked_ || !equal_without_case(line->value, "chunked")) return false;
      chunked_ = true;
    } else if (equal_without_case(line->name, "connection") && names_option(line->value, "close")) {
      keep_alive_ = false;
    }
  }
  return !(chunked_ && has_length_);
}

step answer_parser::choose_framing() {
  if (answers_head_ || answer_.status == 204 || answer_.status == 304) return step::done;
  if (chunked_) {
    state_ = state::chunk_line;
    return step::more;
  }
  if (!has_length_) {
    keep_alive_ = false;
    left_ = bounds_.body + 1;
    state_ = state::until_close;
    return step::more;
  }
  if (length_ > bounds_.body) return step::too_large;
  left_ = length_;
  state_ = state::fixed;
  return left_ == 0 ? step::done : step::more;
}

step answer_parser::read_data(std::string_view& bytes) {
  const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  if (answer_.body.size() + taken > bounds_.body) return step::too_large;
  answer_.body.append(bytes.substr(0, taken));
  bytes.remove_prefix(taken);
  left_ -= taken;
  if (left_ > 0) return step::more;
  if (state_ == state::fixed) return step::done;
  state_ = state::chunk_end;
  return step::more;
}

step answer_parser::read_line(std::string_view& bytes) {
  const std::size_t newline = bytes.find('\n');
  const std::size_t taken = newline == std::string_view::npos ? bytes.size() : newline + 1;
  overhead_ += std::min(taken, bounds_.head + 1);
  if (overhead_ > bounds_.head) return step::too_large;
  line_.append(bytes.substr(0, taken));
  bytes.remove_prefix(taken);
  return newline == std::string_view::npos ? step::more : end_line();
}

step answer_parser::end_line() {
  const std::string line = std::exchange(line_, {});
  if (!line.ends_with("\r\n") || !is_field_value(std::string_view{line}.substr(0, line.size() - 2)))
    return step::malformed;
  const std::string_view text = std::string_view{line}.substr(0, line.size() - 2);
  if (state_ == state::trailer) return text.empty() ? step::done : step::more;
  if (state_ == state::chunk_end) {
    state_ = state::chunk_line;
    return text.empty() ? step::more : step::malformed;
  }
  // A chunk line: the size, then perhaps extensions that mean nothing to us.
  if (!parse_number(text.substr(0, text.find_first_of("; \t")), 16, left_)) return step::malformed;
  if (left_ > bounds_.body) return step::too_large;
  state_ = left_ == 0 ? state::trailer : state::chunk_data;
  return step::more;
}

}  // namespace otpd::net
