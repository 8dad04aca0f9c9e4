#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "net/limits.hpp"
#include "net/message.hpp"
#include "net/request_flaw.hpp"

namespace otpd::net {

// A request while it is being parsed. Text is kept by offset, because the arena may still move.
struct request_draft {
  struct range {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct field_ranges {
    range name;
    range value;
  };

  std::string arena;  // target, authority, field names and values, then the body
  std::vector<field_ranges> fields;
  net::method method = net::method::other;
  range path;
  range query;
  range authority;  // empty: origin form
  range body;
  bool version_1_1 = false;
  bool keep_alive = false;
  bool expects_continue = false;
  bool chunked = false;

  range store(std::string_view text);
  [[nodiscard]] std::string_view view(range r) const noexcept {
    return std::string_view(arena).substr(r.begin, r.size);
  }
  // Empty again, capacity kept.
  void clear() noexcept;
};

// Boost.Beast 1.81's request parser with what it lacks. Beast finds the lines; this guard sees each field
// before the body, and refuses every framing on which two parsers could disagree (RFC 9112, sections 3.2, 5,
// 6 and 7; docs of Beast's defects: tests/net/request_parser_test.cpp). One guard parses one request.
class request_guard final : public boost::beast::http::basic_parser<true> {
 public:
  using error_code = boost::beast::error_code;

  // Both references outlive the guard.
  request_guard(request_draft& draft, const parser_limits& limits);

  // The bytes that the next put() is given: the guard tells by them whether a value was folded.
  void watch(std::string_view input) noexcept { input_ = input; }
  // Why put() failed. Errors that Beast found by itself are translated.
  [[nodiscard]] request_flaw flaw(const error_code& ec) const noexcept;
  // Between two chunks of a chunked body, or in its trailers.
  [[nodiscard]] bool in_chunk_header() const noexcept {
    return draft_.chunked && is_header_done() && !is_done() && chunk_left_ == 0;
  }

 private:
  using beast_field = boost::beast::http::field;
  using text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb verb, text method_text, text target, int version,
                       error_code& ec) override;
  void on_response_impl(int, text, int, error_code&) override {}
  void on_field_impl(beast_field name, text name_text, text value, error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& content_length, error_code& ec) override;
  std::size_t on_body_impl(text body, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t size, text extensions, error_code& ec) override;
  std::size_t on_chunk_body_impl(std::uint64_t left, text body, error_code& ec) override;
  void on_finish_impl(error_code&) override {}

  void fail(request_flaw flaw, error_code& ec) noexcept;
  [[nodiscard]] bool is_folded(std::string_view name, std::string_view value) const noexcept;
  [[nodiscard]] request_flaw judge_field(beast_field name, std::string_view value) noexcept;
  [[nodiscard]] request_flaw judge_trailer(beast_field name, std::string_view name_text,
                                           std::string_view value) noexcept;
  [[nodiscard]] request_flaw judge_header() noexcept;

  request_draft& draft_;
  const parser_limits& limits_;
  std::string_view input_;
  request_flaw flaw_ = request_flaw::none;
  bool in_trailer_ = false;
  unsigned hosts_ = 0;
  unsigned content_lengths_ = 0;
  unsigned transfer_encodings_ = 0;
  std::size_t host_index_ = 0;
  std::size_t trailers_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::size_t extension_bytes_ = 0;
  std::uint64_t chunk_left_ = 0;
};

}  // namespace otpd::net
