#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "net/message.hpp"

namespace otpd::net {

// The IMF-fixdate of RFC 9110, 5.6.7, formatted once a second at most. One per event loop.
class http_date {
 public:
  // 29 characters, valid until the next call.
  [[nodiscard]] std::string_view text(std::time_t now) noexcept;

 private:
  std::time_t second_ = -1;
  char text_[32] = {};
};

// "Created" for 201; "Status" for what the table does not know.
[[nodiscard]] std::string_view reason_phrase(unsigned status) noexcept;

// What of the request decides about the answer's framing.
struct answer_form {
  bool head_only = false;   // HEAD: the length of the body, without the body
  bool version_1_1 = true;  // HTTP/1.0 must be told that the connection stays open
  bool keep_alive = true;   // false: Connection: close
};

// Appends a whole answer to `out`: status line, Date, Content-Type, Content-Length, Connection where needed,
// X-Content-Type-Options, Cache-Control: no-store unless answer.fields has a Cache-Control, answer.fields, an
// empty line, the body. No Server field. 204 and 304 have neither body nor length.
void append_answer(std::string& out, const response& answer, answer_form form, std::string_view date);

}  // namespace otpd::net
