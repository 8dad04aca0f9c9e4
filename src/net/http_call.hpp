#pragma once

#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/message.hpp"
#include "net/url.hpp"

namespace otpd::net {

class client_tls;

// One request to somebody else's server. The client adds Host, Content-Length and nothing more. Its texts are
// wiped when the call ends: they may carry a code.
struct http_call {
  net::method method = net::method::post;  // not `other`
  net::url url;
  std::string fields;  // header lines, each "Name: value\r\n"; append with add_field
  std::string body;
  std::shared_ptr<const client_tls> tls;            // what is trusted; needed for https
  std::chrono::milliseconds connect_timeout{3000};  // a free connection, or name, TCP and TLS: together
  std::chrono::milliseconds timeout{
      10000};  // all of it, from send() to the last byte of the answer; nothing re-arms it
  std::uint32_t max_connections = 64;  // opens no more than this many to this origin, idle ones included
  std::function<bool()> still_wanted =
      {};  // asked before the first byte, if the call had to wait for it; false: called_off. Empty: always

  // Appends a header line. False, and nothing is appended, if `name` is not a token or `value` has a control
  // character.
  bool add_field(std::string_view name, std::string_view value);
};

// A complete answer.
struct http_answer {
  unsigned status = 0;  // 200..599
  std::string fields;   // header lines as received, each "Name: value\r\n", checked
  std::string body;     // decoded from its framing

  // The value of the first field with this name (any case), without surrounding white space; empty if there
  // is none.
  [[nodiscard]] std::string_view field_value(std::string_view name) const noexcept;
};

// Why there is no answer. The first group is safe to try elsewhere: not one byte of the request was handed to
// the kernel.
enum class http_errc {
  not_resolved = 1,     // the name has no address, or none in time
  not_connected,        // no address took the connection in time
  tls_failed,           // the TLS handshake failed
  certificate_refused,  // the peer's certificate is not trusted, not valid, or not for this host
  busy,  // every connection is taken and the waiting queue is full or was too slow; or the client is closed
  called_off,      // nobody wanted it any more when a connection was there
  timed_out = 16,  // the time was over after the request was written, in part or in full
  reset,           // the connection ended after that, before the answer was complete
  too_large,       // the answer's header or body is over its bound
  bad_response,    // the answer is not HTTP/1
};

[[nodiscard]] const boost::system::error_category& http_category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(http_errc value) noexcept {
  return {static_cast<int>(value), http_category()};
}

// Delivery safety: true if the peer cannot have seen the request; false if the outcome is unknown.
[[nodiscard]] bool request_not_sent(const boost::system::error_code& ec) noexcept;

}  // namespace otpd::net

template <>
struct boost::system::is_error_code_enum<otpd::net::http_errc> : std::true_type {};
