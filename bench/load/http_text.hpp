#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace otpd::bench {

// One HTTP/1.1 message with a Content-Length (or none: then it has no body). Views into the caller's buffer.
struct http_text {
  std::string_view start_line;
  std::string_view body;
  bool closes = false;   // "Connection: close"
  std::size_t size = 0;  // of the whole message

  // Of a response; 0 when the start line is not one.
  [[nodiscard]] int status() const;
};

enum class framing {
  complete,   // the message is all there
  need_more,  // so far so good
  malformed,  // not such a message: no length we understand, or chunked
};

// Looks for one message at the start of `input`. Fills `message` only when complete.
[[nodiscard]] framing frame(std::string_view input, http_text& message);

// The value of the first `"name":"value"` in `json`, which has no escape in it. Nothing when there is none.
[[nodiscard]] std::optional<std::string_view> string_member(std::string_view json, std::string_view name);

// The value of the first `"valid":true` or `false`.
[[nodiscard]] std::optional<bool> valid_member(std::string_view json);

}  // namespace otpd::bench
