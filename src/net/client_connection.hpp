#pragma once

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/result.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "net/answer_parser.hpp"
#include "net/client_deadlines.hpp"

namespace otpd::net {

// One connection to an origin. Its deadline closes the socket, which ends whatever waits on it.
class client_connection final : public mortal {
 public:
  explicit client_connection(loop_executor loop);

  // TCP only. Fails with the system's error. May be called again after a failure.
  task<boost::system::error_code> connect(boost::asio::ip::tcp::endpoint to);
  // TLS on top. `trust` outlives the connection. Fails with tls_failed or certificate_refused.
  task<boost::system::error_code> secure(const client_tls& trust, std::string host);
  // Writes one whole request and reads its answer. `request` outlives the task. Fails with timed_out, reset,
  // too_large or bad_response; with not_connected if nothing was handed to the kernel.
  task<boost::system::result<http_answer>> exchange(std::string_view request, bool is_head,
                                                    answer_bounds bounds);

  // After a successful exchange: it may carry another one.
  [[nodiscard]] bool reusable() const noexcept { return reusable_; }
  // While no exchange runs: the peer has neither closed nor sent anything. Costs one system call.
  [[nodiscard]] bool is_alive() noexcept;

 private:
  using socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, loop_executor>;

  void on_deadline() noexcept override;
  task<boost::system::error_code> write(std::string_view bytes);
  // What came next, until the next read. The peer's orderly end is asio::error::eof.
  task<boost::system::result<std::string_view>> read();
  [[nodiscard]] http_errc broken() const noexcept;

  std::array<char, 4096> buffer_;
  socket socket_;
  std::optional<boost::asio::ssl::stream<socket&>> tls_;
  bool timed_out_ = false;
  bool handed_over_ = false;  // some byte of this exchange's request may have reached the kernel
  bool reusable_ = false;
};

}  // namespace otpd::net
