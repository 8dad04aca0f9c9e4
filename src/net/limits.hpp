#pragma once

#include <chrono>
#include <cstddef>

namespace otpd::net {

// How much of a request is accepted. Everything beyond is refused and the connection closed.
struct parser_limits {
  std::size_t header_bytes = 8 * 1024;      // request line and header fields together: 431
  std::size_t target_bytes = 2 * 1024;      // 431
  std::size_t fields = 64;                  // 431
  std::size_t body_bytes = 16 * 1024;       // after the chunks are joined: 413
  std::size_t chunk_extension_bytes = 256;  // over the whole body: 400
  std::size_t trailer_bytes = 1024;         // 400
  std::size_t trailers = 16;                // 400
};

// How long a connection may stay in a state. Each is absolute: it runs from the moment the state began,
// whatever arrives.
struct deadline_limits {
  std::chrono::milliseconds handshake{5'000};  // TLS; then closed silently
  std::chrono::milliseconds header{5'000};     // from the first byte of the request: 408
  std::chrono::milliseconds body{5'000};       // from the end of the header: 408
  std::chrono::milliseconds answer{
      30'000};  // the handler: the connection is closed, the handler is not interrupted
  std::chrono::milliseconds write{10'000};  // one flush (at most 64 KiB and one answer): closed
  std::chrono::milliseconds idle{60'000};   // between requests: closed silently
  std::chrono::milliseconds linger{2'000};  // after our last byte, until the client's end is seen: closed
};

// How many connections a server holds, over all loops.
struct connection_limits {
  std::size_t total = 16'384;       // beyond: a short 503, then closed
  std::size_t per_address = 1'024;  // IPv6 by /64; beyond: closed
  bool counts_loopback =
      true;  // false: an address of this machine has no share, since a proxy's clients all have it
};

}  // namespace otpd::net
