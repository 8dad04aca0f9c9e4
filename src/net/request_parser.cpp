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
    : x_limits(limits), x_parts(std::make_unique<draft_and_guard>()) {
  x_parts->draft.arena.reserve(usual_arena_bytes);
  x_parts->draft.fields.reserve(usual_fields);
  x_parts->guard.emplace(x_parts->draft, x_limits);
}

request_parser::~request_parser() = default;

bool request_parser::keep_alive() const noexcept {
  return x_parts->draft.keep_alive;
}
bool request_parser::version_1_1() const noexcept {
  return x_parts->draft.version_1_1;
}
bool request_parser::expects_continue() const noexcept {
  return x_parts->draft.expects_continue;
}

std::size_t request_parser::put(std::string_view input) {
  std::size_t used = skip_blank_line(input);
  x_starved = false;
  while (!x_starved && used < input.size() && x_state < state::complete)
    used += step(input.substr(used));
  return used;
}

// RFC 9112, 2.2: a server ignores an empty line before the request line. One, not a stream of them.
std::size_t request_parser::skip_blank_line(std::string_view input) noexcept {
  if (x_state != state::start || input.empty()) return 0;
  if (x_blank_skipped || input.front() != '\r') {
    x_state = state::header;
    return 0;
  }
  if (input.size() == 1) return 0;
  if (input[1] != '\n') {
    refuse(request_flaw::start_line);
    return 0;
  }
  x_blank_skipped = true;
  if (input.size() > 2) x_state = state::header;
  return 2;
}

// One call of Beast, which stops after the header, each chunk header and each piece of body.
std::size_t request_parser::step(std::string_view input) {
  if (x_state == state::start) {
    x_starved = true;
    return 0;
  }
  auto& guard = *x_parts->guard;
  if (guard.in_chunk_header() && input.size() < least_chunk_end) {
    x_starved = true;
    return 0;
  }
  boost::beast::error_code ec;
  guard.watch(input);
  const std::size_t used = guard.put(boost::asio::const_buffer(input.data(), input.size()), ec);
  x_starved = ec == boost::beast::http::error::need_more;
  if (ec && !x_starved) {
    refuse(guard.flaw(ec));
    return used;
  }
  if (x_state == state::header) {
    x_header_bytes += used;
    const std::size_t waiting = x_starved ? input.size() - used : 0;
    if (x_header_bytes + waiting > x_limits.header_bytes) {
      refuse(request_flaw::header_size);
      return used;
    }
    if (guard.is_header_done()) x_state = state::body;
  } else if (x_starved && guard.in_chunk_header() &&
             input.size() - used >
                 chunk_line_bytes + x_limits.chunk_extension_bytes + x_limits.trailer_bytes) {
    refuse(request_flaw::chunk);
    return used;
  }
  if (guard.is_done()) publish();
  return used;
}

void request_parser::refuse(request_flaw flaw) noexcept {
  x_state = state::refused;
  x_flaw = flaw;
}

void request_parser::publish() {
  const auto& draft = x_parts->draft;
  auto& fields = x_parts->fields;
  fields.clear();
  for (const auto& f : draft.fields)
    fields.push_back({draft.view(f.name), draft.view(f.value)});
  x_request.method = draft.method;
  x_request.path = draft.view(draft.path);
  x_request.query = draft.view(draft.query);
  x_request.fields = fields;
  x_request.body = draft.view(draft.body);
  x_state = state::complete;
}

void request_parser::reset() noexcept {
  x_parts->draft.clear();
  x_parts->guard.emplace(x_parts->draft, x_limits);
  x_state = state::start;
  x_flaw = request_flaw::none;
  x_header_bytes = 0;
  x_blank_skipped = false;
}

void request_parser::shrink() {
  auto& parts = *x_parts;
  if (parts.draft.arena.capacity() <= 2 * usual_arena_bytes && parts.fields.capacity() <= 2 * usual_fields)
    return;
  parts.draft.arena = {};
  parts.draft.arena.reserve(usual_arena_bytes);
  parts.draft.fields = {};
  parts.draft.fields.reserve(usual_fields);
  parts.fields = {};
}

}  // namespace otpd::net
