#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "net/http_call.hpp"

namespace otpd::net {

// How much of an answer is taken.
struct answer_bounds {
  std::size_t head = 8 * 1024;   // bytes of status lines and fields, interim answers and trailers included
  std::size_t body = 64 * 1024;  // bytes of the decoded body
};

// Reads one HTTP/1.0 or 1.1 answer (RFC 9112) from bytes in pieces of any size; knows no socket. Stricter
// than the RFC asks where leniency could mix up two answers: bare LF, folding, both Content-Length and
// Transfer-Encoding, or differing lengths are malformed. Interim (1xx) answers are skipped.
class answer_parser {
 public:
  enum class step : std::uint8_t {
    more,       // the answer is not complete
    done,       // it is: take() it
    too_large,  // over a bound
    malformed,  // not an answer we understand
  };

  // An answer to HEAD has no body whatever it says.
  explicit answer_parser(bool answers_head, answer_bounds bounds = {}) noexcept
      : x_answers_head(answers_head), x_bounds(bounds) {}

  // Takes all of `bytes`. Not called again once it returned anything but `more`.
  [[nodiscard]] step feed(std::string_view bytes);
  // The peer closed its side: `done` if the body was to end there, else `malformed`.
  [[nodiscard]] step finish() noexcept;
  // After `done`: true if the connection may carry another request.
  [[nodiscard]] bool reusable() const noexcept { return x_keep_alive && !x_excess; }
  // After `done`, once.
  [[nodiscard]] http_answer take() { return std::move(x_answer); }

 private:
  enum class state : std::uint8_t {
    head,
    fixed,
    chunk_line,
    chunk_data,
    chunk_end,
    trailer,
    until_close,
    done
  };

  step read_head(std::string_view& bytes);
  step parse_head(std::string_view head);
  bool parse_fields(std::string_view lines);
  step choose_framing();
  step read_data(std::string_view& bytes);
  step read_line(std::string_view& bytes);
  step end_line();

  bool x_answers_head;
  answer_bounds x_bounds;
  state x_state = state::head;
  bool x_chunked = false;
  bool x_has_length = false;
  bool x_keep_alive = false;
  bool x_excess = false;       // bytes came after the answer: nobody asked for them
  std::size_t x_overhead = 0;  // bytes that count as head
  std::uint64_t x_length = 0;  // of the body, as Content-Length says
  std::uint64_t x_left = 0;    // of the body or the current chunk
  std::string x_line;          // the head, a chunk-size line or a trailer line, as far as it came
  http_answer x_answer;
};

}  // namespace otpd::net
