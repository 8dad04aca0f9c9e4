#include "net/request_parser.hpp"

#include <boost/beast/http/error.hpp>
#include <optional>
#include <vector>

#include "net/request_guard.hpp"

namespace otpd::net {
namespace {

constexpr std::size_t usual_arena_bytes = 1024;
constexpr std::size_t usual_fields = 16;
// `0 CRLF CRLF`, the shortest end of a chunked body. Beast 1.81 asserts that it has as much before it looks
// for the trailers' end.
constexpr std::size_t least_chunk_end = 5;
// Sixteen hexadecimal digits and the two line ends around them.
constexpr std::size_t chunk_line_bytes = 20;

}  // namespace

struct request_parser::draft_and_guard {
  request_draft draft;
  std::optional<request_guard> guard;
  std::vector<field> fields;
};

request_parser::request_parser(const parser_limits& limits)
    : limits_(limits), parts_(std::make_unique<draft_and_guard>()) {
  parts_->draft.arena.reserve(usual_arena_bytes);
  parts_->draft.fields.reserve(usual_fields);
  parts_->guard.emplace(parts_->draft, limits_);
}

request_parser::~request_parser() = default;

bool request_parser::keep_alive() const noexcept {
  return parts_->draft.keep_alive;
}
bool request_parser::version_1_1() const noexcept {
  return parts_->draft.version_1_1;
}
bool request_parser::expects_continue() const noexcept {
  return parts_->draft.expects_continue;
}

std::size_t request_parser::put(std::string_view input) {
  std::size_t used = skip_blank_line(input);
  starved_ = false;
  while (!starved_ && used < input.size() && state_ < state::complete)
    used += step(input.substr(used));
  return used;
}

// RFC 9112, 2.2: a server ignores an empty line before the request line. One, not a stream of them.
std::size_t request_parser::skip_blank_line(std::string_view input) noexcept {
  if (state_ != state::start || input.empty()) return 0;
  if (blank_skipped_ || input.front() != '\r') {
    state_ = state::header;
    return 0;
  }
  if (input.size() == 1) return 0;
  if (input[1] != '\n') {
    refuse(request_flaw::start_line);
    return 0;
  }
  blank_skipped_ = true;
  if (input.size() > 2) state_ = state::header;
  return 2;
}

// One call of Beast, which stops after the header, each chunk header and each piece of body.
std::size_t request_parser::step(std::string_view input) {
  if (state_ == state::start) {
    starved_ = true;
    return 0;
  }
  auto& guard = *parts_->guard;
  if (guard.in_chunk_header() && input.size() < least_chunk_end) {
    starved_ = true;
    return 0;
  }
  boost::beast::error_code ec;
  guard.watch(input);
  const std::size_t used = guard.put(boost::asio::const_buffer(input.data(), input.size()), ec);
  starved_ = ec == boost::beast::http::error::need_more;
  if (ec && !starved_) {
    refuse(guard.flaw(ec));
    return used;
  }
  if (state_ == state::header) {
    header_bytes_ += used;
    const std::size_t waiting = starved_ ? input.size() - used : 0;
    if (header_bytes_ + waiting > limits_.header_bytes) {
      refuse(request_flaw::header_size);
      return used;
    }
    if (guard.is_header_done()) state_ = state::body;
  } else if (starved_ && guard.in_chunk_header() &&
             input.size() - used > chunk_line_bytes + limits_.chunk_extension_bytes + limits_.trailer_bytes) {
    refuse(request_flaw::chunk);
    return used;
  }
  if (guard.is_done()) publish();
  return used;
}

void request_parser::refuse(request_flaw flaw) noexcept {
  state_ = state::refused;
  flaw_ = flaw;
}

void request_parser::publish() {
  const auto& draft = parts_->draft;
  auto& fields = parts_->fields;
  fields.clear();
  for (const auto& f : draft.fields)
    fields.push_back({draft.view(f.name), draft.view(f.value)});
  request_.method = draft.method;
  request_.path = draft.view(draft.path);
  request_.query = draft.view(draft.query);
  request_.fields = fields;
  request_.body = draft.view(draft.body);
  state_ = state::complete;
}

void request_parser::reset() noexcept {
  parts_->draft.clear();
  parts_->guard.emplace(parts_->draft, limits_);
  state_ = state::start;
  flaw_ = request_flaw::none;
  header_bytes_ = 0;
  blank_skipped_ = false;
}

void request_parser::shrink() {
  auto& parts = *parts_;
  if (parts.draft.arena.capacity() <= 2 * usual_arena_bytes && parts.fields.capacity() <= 2 * usual_fields)
    return;
  parts.draft.arena = {};
  parts.draft.arena.reserve(usual_arena_bytes);
  parts.draft.fields = {};
  parts.draft.fields.reserve(usual_fields);
  parts.fields = {};
}

}  // namespace otpd::net
