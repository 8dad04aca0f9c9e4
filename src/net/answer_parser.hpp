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
      : answers_head_(answers_head), bounds_(bounds) {}

  // Takes all of `bytes`. Not called again once it returned anything but `more`.
  [[nodiscard]] step feed(std::string_view bytes);
  // The peer closed its side: `done` if the body was to end there, else `malformed`.
  [[nodiscard]] step finish() noexcept;
  // After `done`: true if the connection may carry another request.
  [[nodiscard]] bool reusable() const noexcept { return keep_alive_ && !excess_; }
  // After `done`, once.
  [[nodiscard]] http_answer take() { return std::move(answer_); }

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

  bool answers_head_;
  answer_bounds bounds_;
  state state_ = state::head;
  bool chunked_ = false;
  bool has_length_ = false;
  bool keep_alive_ = false;
  bool excess_ = false;       // bytes came after the answer: nobody asked for them
  std::size_t overhead_ = 0;  // bytes that count as head
  std::uint64_t length_ = 0;  // of the body, as Content-Length says
  std::uint64_t left_ = 0;    // of the body or the current chunk
  std::string line_;          // the head, a chunk-size line or a trailer line, as far as it came
  http_answer answer_;
};

}  // namespace otpd::net
