#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "task.hpp"

namespace otpd::net {

enum class method : std::uint8_t { get, head, post, put, patch, del, options, other };

struct field {
  std::string_view name;   // as sent; compare without case
  std::string_view value;  // without surrounding white space
};

// One well-framed request. Every view lives in the session's buffers until the handler's task ends.
struct request {
  net::method method = method::other;
  std::string_view
      path;  // origin-form path, undecoded, without the query; begins with '/', or is "*" (OPTIONS only)
  std::string_view query;         // what follows '?', may be empty
  std::span<const field> fields;  // header fields only, never trailers
  std::string_view body;          // decoded from its framing, at most the listener's body limit
  boost::asio::ip::address peer;  // the TCP peer, IPv4-mapped IPv6 folded to IPv4
  bool encrypted = false;         // came over TLS

  // The value of the first field with this name (any case); empty if there is none.
  [[nodiscard]] std::string_view field_value(std::string_view name) const noexcept;
  // How many fields have this name.
  [[nodiscard]] std::size_t field_count(std::string_view name) const noexcept;
};

// What a handler answers. The session adds Date, Content-Length, Connection and the headers that every answer
// has.
struct response {
  unsigned status = 200;
  std::string_view content_type;  // static storage; empty: no Content-Type
  std::string body;               // its capacity is kept from answer to answer
  std::string fields;             // extra header lines, each "Name: value\r\n"; append with add_field
  bool close = false;             // close the connection after this answer

  // Appends a header line. `name` and `value` contain no CR, LF or NUL: asserted; without assertions such a
  // line is left out.
  void add_field(std::string_view name, std::string_view value);
  // Back to an empty 200, capacity kept.
  void clear() noexcept;
};

// What serves requests. One instance per event loop; its tasks run on that loop only.
class handler {
 public:
  virtual ~handler() = default;
  // Fills `out`. Both references live until the task ends. Throws nothing: an escaped exception is answered
  // with 500 by the session's barrier and logged.
  virtual task<void> handle(const request& in, response& out) = 0;
  // Answers what never became a request (bad framing, time-outs, over-size, overload) in the API's own error
  // format. `status` is 400, 408, 413, 431, 500 or 503 (to which it adds Retry-After). `code` is the stable
  // name of the problem (docs/api.md).
  virtual void refuse(unsigned status, std::string_view code, response& out) = 0;
};

}  // namespace otpd::net
