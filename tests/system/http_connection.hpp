#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace otpd::test {

// What came back for one request.
struct http_answer {
  enum class how {
    whole,   // an answer, up to its last byte
    closed,  // the connection was closed before the first byte
    cut,     // it was closed after the first byte and before the last one
    reset,   // it was reset before the last byte
    late,    // nothing came for 30 s
  };
  how came = how::closed;
  int status = 0;    // 0 unless whole
  std::string head;  // with the empty line that ends it
  std::string body;

  // A string member of the JSON body; empty if there is none.
  [[nodiscard]] std::string text(std::string_view name) const;
  // A number or a boolean of the JSON body; -1 if there is none.
  [[nodiscard]] std::int64_t number(std::string_view name) const;
  // A code was judged, and found right (or wrong).
  [[nodiscard]] bool says_right() const { return status == 200 && number("valid") == 1; }
  [[nodiscard]] bool says_wrong() const { return status == 200 && number("valid") == 0; }
  // The server will not take another request on this connection.
  [[nodiscard]] bool closes() const { return head.find("\r\nConnection: close\r\n") != head.npos; }
};

// A blocking connection to 127.0.0.1 that sends exactly what it is told.
class http_connection {
 public:
  explicit http_connection(std::uint16_t port);
  http_connection(http_connection&& from) noexcept;
  http_connection& operator=(http_connection&& from) noexcept;
  ~http_connection();

  [[nodiscard]] bool is_open() const noexcept { return x_fd >= 0; }
  // For poll(): an answer begins, or the end is near, when it can be read.
  [[nodiscard]] int descriptor() const noexcept { return x_fd; }
  // True if the kernel took every byte.
  bool send(std::string_view bytes);
  // True if for so long neither a byte nor the end can be read.
  [[nodiscard]] bool is_silent_for(std::chrono::milliseconds time) const;
  // The answer to the earliest request that has none yet.
  [[nodiscard]] http_answer read_answer();
  // send() and read_answer(); where not every byte could be sent, `sent` becomes false.
  [[nodiscard]] http_answer exchange(std::string_view request, bool* sent = nullptr);

 private:
  // False at the end; how it ended is in `out`.
  [[nodiscard]] bool receive(http_answer& out);

  int x_fd = -1;
  std::string x_rest;
};

// The texts of requests. `body` is JSON; empty: none.
[[nodiscard]] std::string http_request(std::string_view method, std::string_view target,
                                       std::string_view body = {});
[[nodiscard]] std::string issue_request(std::string_view to);
[[nodiscard]] std::string check_request(std::string_view id, std::string_view code);
[[nodiscard]] std::string read_request(std::string_view id);

// One request on a connection of its own.
[[nodiscard]] http_answer ask(std::uint16_t port, std::string_view request);
// The value of a metric without labels; -1 if there is none.
[[nodiscard]] double metric(std::uint16_t admin_port, std::string_view name);

}  // namespace otpd::test
