#include "net/request_guard.hpp"

#include <algorithm>
#include <functional>

#include "net/ascii.hpp"
#include "net/request_target.hpp"

namespace otpd::net {
namespace {

namespace http = boost::beast::http;

method to_method(http::verb verb) noexcept {
  switch (verb) {
    case http::verb::get:
      return method::get;
    case http::verb::head:
      return method::head;
    case http::verb::post:
      return method::post;
    case http::verb::put:
      return method::put;
    case http::verb::patch:
      return method::patch;
    case http::verb::delete_:
      return method::del;
    case http::verb::options:
      return method::options;
    default:
      return method::other;
  }
}

}  // namespace

request_draft::range request_draft::store(std::string_view text) {
  const range r{static_cast<std::uint32_t>(arena.size()), static_cast<std::uint32_t>(text.size())};
  arena.append(text);
  return r;
}

void request_draft::clear() noexcept {
  arena.clear();
  fields.clear();
  method = net::method::other;
  path = query = authority = body = {};
  version_1_1 = keep_alive = expects_continue = chunked = false;
}

request_guard::request_guard(request_draft& draft, const parser_limits& limits)
    : draft_(draft), limits_(limits) {
  header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  body_limit(limits.body_bytes);
}

request_flaw request_guard::flaw(const error_code& ec) const noexcept {
  if (flaw_ != request_flaw::none) return flaw_;
  if (ec == http::error::header_limit) return request_flaw::header_size;
  if (ec == http::error::body_limit) return request_flaw::body_size;
  if (ec == http::error::bad_target) return request_flaw::target;
  if (ec == http::error::bad_method || ec == http::error::bad_version) return request_flaw::start_line;
  if (in_trailer_) return request_flaw::trailer;
  if (is_header_done()) return request_flaw::chunk;
  if (ec == http::error::bad_content_length || ec == http::error::multiple_content_length) {
    return request_flaw::content_length;
  }
  if (ec == http::error::bad_transfer_encoding) return request_flaw::transfer_encoding;
  return request_flaw::field;
}

void request_guard::fail(request_flaw flaw, error_code& ec) noexcept {
  flaw_ = flaw;
  ec = http::error::bad_field;
}

void request_guard::on_request_impl(http::verb verb, text, text target, int version, error_code& ec) {
  if (target.size() > limits_.target_bytes) return fail(request_flaw::header_size, ec);
  draft_.method = to_method(verb);
  draft_.version_1_1 = version == 11;
  const auto parts = split_target(draft_.method, target);
  if (!parts) return fail(request_flaw::target, ec);
  draft_.path = draft_.store(parts->path);
  draft_.query = draft_.store(parts->query);
  draft_.authority = draft_.store(parts->authority);
}

// Beast joins a folded value in a buffer of its own, or, where the first line was empty, points behind the
// fold.
bool request_guard::is_folded(std::string_view name, std::string_view value) const noexcept {
  const char* const name_end = name.data() + name.size();
  const char* const input_end = input_.data() + input_.size();
  const std::less<const char*> before;
  if (before(value.data(), name_end) || before(input_end, value.data())) return true;
  return std::any_of(name_end, value.data(), [](char c) { return c == '\r' || c == '\n'; });
}

void request_guard::on_field_impl(beast_field name, text name_text, text value, error_code& ec) {
  if (is_folded(name_text, value)) return fail(request_flaw::folding, ec);
  if (in_trailer_) {
    if (const auto flaw = judge_trailer(name, name_text, value); flaw != request_flaw::none) fail(flaw, ec);
    return;
  }
  if (draft_.fields.size() == limits_.fields) return fail(request_flaw::header_size, ec);
  if (const auto flaw = judge_field(name, value); flaw != request_flaw::none) return fail(flaw, ec);
  const auto stored_name = draft_.store(name_text);
  const auto stored_value = draft_.store(value);
  draft_.fields.push_back({stored_name, stored_value});
}

request_flaw request_guard::judge_field(beast_field name, std::string_view value) noexcept {
  switch (name) {
    case beast_field::host:
      host_index_ = draft_.fields.size();
      if (++hosts_ > 1 || !is_valid_authority(value)) return request_flaw::host;
      break;
    case beast_field::content_length:
      if (++content_lengths_ > 1 || transfer_encodings_ > 0 || value.empty() ||
          !std::all_of(value.begin(), value.end(), net::is_digit)) {
        return request_flaw::content_length;
      }
      break;
    case beast_field::transfer_encoding:
      if (++transfer_encodings_ > 1 || content_lengths_ > 0 || !draft_.version_1_1 ||
          !equal_without_case(value, "chunked")) {
        return request_flaw::transfer_encoding;
      }
      break;
    case beast_field::expect:
      if (draft_.version_1_1 && equal_without_case(value, "100-continue")) draft_.expects_continue = true;
      break;
    default:
      break;
  }
  return request_flaw::none;
}

request_flaw request_guard::judge_trailer(beast_field name, std::string_view name_text,
                                          std::string_view value) noexcept {
  trailer_bytes_ += name_text.size() + value.size() + 4;
  if (++trailers_ > limits_.trailers || trailer_bytes_ > limits_.trailer_bytes) return request_flaw::trailer;
  const bool framing = name == beast_field::transfer_encoding || name == beast_field::content_length ||
                       name == beast_field::host;
  return framing ? request_flaw::trailer : request_flaw::none;
}

request_flaw request_guard::judge_header() noexcept {
  if (hosts_ == 0 && draft_.version_1_1) return request_flaw::host;
  // RFC 9112, 3.2.2: the authority of an absolute target replaces what Host says.
  if (draft_.authority.size > 0 && hosts_ == 1) draft_.fields[host_index_].value = draft_.authority;
  // Whatever Beast made of the fields must be what the guard has seen.
  if (chunked() != (transfer_encodings_ == 1)) return request_flaw::transfer_encoding;
  return request_flaw::none;
}

void request_guard::on_header_impl(error_code& ec) {
  if (const auto flaw = judge_header(); flaw != request_flaw::none) return fail(flaw, ec);
  draft_.keep_alive = keep_alive();
  draft_.chunked = chunked();
  draft_.body.begin = static_cast<std::uint32_t>(draft_.arena.size());
}

void request_guard::on_body_init_impl(const boost::optional<std::uint64_t>& content_length, error_code&) {
  if (content_length) draft_.arena.reserve(draft_.arena.size() + static_cast<std::size_t>(*content_length));
}

std::size_t request_guard::on_body_impl(text body, error_code&) {
  draft_.arena.append(body);
  draft_.body.size += static_cast<std::uint32_t>(body.size());
  return body.size();
}

void request_guard::on_chunk_header_impl(std::uint64_t size, text extensions, error_code& ec) {
  extension_bytes_ += extensions.size();
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 ? c != '\t' : c == 0x7f; };
  if (extension_bytes_ > limits_.chunk_extension_bytes ||
      std::any_of(extensions.begin(), extensions.end(), is_control)) {
    return fail(request_flaw::chunk, ec);
  }
  chunk_left_ = size;
  in_trailer_ = size == 0;
}

std::size_t request_guard::on_chunk_body_impl(std::uint64_t left, text body, error_code& ec) {
  chunk_left_ = left - body.size();
  return on_body_impl(body, ec);
}

}  // namespace otpd::net
