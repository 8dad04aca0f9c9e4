#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace otpd::net::test {

// A blocking client that sends exactly what it is told. Whatever takes longer than a generous bound counts as
// never.
class client_socket {
 public:
  // Connects to 127.0.0.1; connected() tells whether it worked.
  explicit client_socket(std::uint16_t port);
  ~client_socket();
  client_socket(const client_socket&) = delete;
  client_socket& operator=(const client_socket&) = delete;

  [[nodiscard]] bool connected() const noexcept { return fd_ >= 0; }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  // False if the connection is gone.
  bool send(std::string_view bytes);
  void finish_sending();
  void close();

  enum class end {
    open,   // has not ended
    clean,  // the server has closed
    reset,  // the connection was reset
    never,  // nothing came within the bound
  };
  // One whole answer: head and a body by Content-Length (none after HEAD). Empty if the connection ends
  // before; see ended().
  std::string read_answer(bool head_only = false);
  // Everything until the end.
  std::string read_all();
  // True once a byte or the end can be read; false after `milliseconds`.
  bool wait_readable(int milliseconds) const;
  [[nodiscard]] end ended() const noexcept { return end_; }
  // Received, but not part of an answer yet.
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

 private:
  bool receive();

  int fd_ = -1;
  end end_ = end::open;
  std::string rest_;
};

[[nodiscard]] int status_of(std::string_view answer);
[[nodiscard]] std::string_view body_of(std::string_view answer);
// The value of a header line; empty if there is none.
[[nodiscard]] std::string_view header_of(std::string_view answer, std::string_view name);

}  // namespace otpd::net::test
