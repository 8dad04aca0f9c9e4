#pragma once

#include <cstdint>
#include <string_view>

namespace otpd::net {

// Why a request is refused. After any of these the connection cannot be used again.
enum class request_flaw : std::uint8_t {
  none,        // well framed so far
  start_line,  // not a request line of HTTP/1.0 or 1.1: 400
  target,      // neither origin form nor absolute form of http: 400
  field,  // a field line out of grammar: bare CR, NUL, control characters, white space before the colon: 400
  folding,            // obs-fold: 400
  host,               // none, several or an invalid one: 400
  content_length,     // repeated, a list, not digits: 400
  transfer_encoding,  // anything but one `chunked` in HTTP/1.1 and without Content-Length: 400
  chunk,              // chunk size, extension or line ending: 400
  trailer,            // a framing field in a trailer, or too many trailers: 400
  header_size,        // 431
  body_size,          // 413
};

// 400, 413 or 431.
[[nodiscard]] constexpr unsigned status_of(request_flaw flaw) noexcept {
  if (flaw == request_flaw::header_size) return 431;
  return flaw == request_flaw::body_size ? 413 : 400;
}

// The stable name of the problem (docs/api.md).
[[nodiscard]] constexpr std::string_view code_of(request_flaw flaw) noexcept {
  if (flaw == request_flaw::header_size) return "header_too_large";
  return flaw == request_flaw::body_size ? "body_too_large" : "malformed_request";
}

}  // namespace otpd::net
