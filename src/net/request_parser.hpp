#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "net/limits.hpp"
#include "net/message.hpp"
#include "net/request_flaw.hpp"

namespace otpd::net {

// Reads one request after the other from a byte stream that arrives in pieces of any size. The result does
// not depend on the pieces.
//
//   [CRLF] request-line *( field CRLF ) CRLF [ body by Content-Length | chunked body with dropped trailers ]
//
// Refuses what RELIABILITY.md A20 and H3..H5 list. Memory is bounded by the limits and reused for the next
// request.
class request_parser {
 public:
  enum class state {
    start,     // not one byte of a request has been seen
    header,    // within the request line or the fields
    body,      // the header is complete and accepted
    complete,  // request() may be used
    refused,   // flaw() says why; only for closing the connection
  };

  // `limits` outlives the parser.
  explicit request_parser(const parser_limits& limits);
  ~request_parser();
  request_parser(const request_parser&) = delete;
  request_parser& operator=(const request_parser&) = delete;

  // Takes what it can from the front of `input` and returns how many bytes. What it leaves must be presented
  // again, with more behind it, or belongs to the next request. Before complete or refused it never leaves
  // more than the header limit.
  std::size_t put(std::string_view input);
  [[nodiscard]] state now() const noexcept { return state_; }
  [[nodiscard]] request_flaw flaw() const noexcept { return flaw_; }

  // With complete; its views live until reset(). The caller adds peer and encrypted.
  [[nodiscard]] net::request& request() noexcept { return request_; }
  // From body on.
  [[nodiscard]] bool keep_alive() const noexcept;
  [[nodiscard]] bool version_1_1() const noexcept;
  // The client waits for 100 Continue before it sends the body.
  [[nodiscard]] bool expects_continue() const noexcept;

  // Ready for the next request.
  void reset() noexcept;
  // Gives back memory beyond what a usual request needs; only in start.
  void shrink();

 private:
  struct draft_and_guard;

  std::size_t skip_blank_line(std::string_view input) noexcept;
  std::size_t step(std::string_view input);
  void refuse(request_flaw flaw) noexcept;
  void publish();

  const parser_limits& limits_;
  std::unique_ptr<draft_and_guard> parts_;
  net::request request_;
  state state_ = state::start;
  request_flaw flaw_ = request_flaw::none;
  std::size_t header_bytes_ = 0;
  bool blank_skipped_ = false;
  bool starved_ = false;
};

}  // namespace otpd::net
