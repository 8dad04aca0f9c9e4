#pragma once

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/result.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "mail/smtp_error.hpp"
#include "mail/smtp_session.hpp"
#include "net/client_deadlines.hpp"
#include "net/client_tls.hpp"

namespace otpd::mail {

// One connection to a mail server and the conversation on it. Its deadline closes the socket, which ends
// whatever waits on it.
class smtp_connection final : public net::mortal {
 public:
  // `options` outlives the connection.
  smtp_connection(loop_executor loop, const smtp_options& options);

  // TCP only. Fails with the system's error. May be called again after a failure.
  task<boost::system::error_code> connect(boost::asio::ip::tcp::endpoint to);
  // The greeting up to the end of AUTH. False if a message cannot follow; result() says why. `trust` outlives
  // the connection; null: no TLS, then security is none.
  task<bool> open(const net::client_tls* trust);
  // One message, as smtp_session::begin() takes it; the texts outlive the task.
  task<void> deliver(std::string_view from, std::string_view to, std::string_view content);

  // Of the last open() or deliver().
  [[nodiscard]] const sms::handover& result() const noexcept { return session_.result(); }
  [[nodiscard]] bool was_stale() const noexcept { return session_.was_stale() && !timed_out_; }
  // It may carry another message.
  [[nodiscard]] bool reusable() const noexcept { return step_ == smtp_step::ready && !timed_out_; }
  // While nothing runs: the server has neither closed nor said anything. Costs one system call.
  [[nodiscard]] bool is_alive() noexcept;
  // QUIT, if the socket takes it at once, and the end: nothing is awaited. For a connection that is idle.
  void quit() noexcept;
  // From now on the deadline means that the connection was idle for too long.
  void rest() noexcept { resting_ = true; }

 private:
  using socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, loop_executor>;

  void on_deadline() noexcept override;
  task<void> converse(const net::client_tls* trust);
  task<void> encrypt(const net::client_tls* trust);
  task<void> send();
  task<void> receive();
  task<boost::system::result<std::size_t>> read();
  // Why nothing can be read or written any more.
  [[nodiscard]] smtp_errc broken() const noexcept;

  const smtp_options& options_;
  std::array<char, 4096> buffer_;
  std::string_view unread_;  // of buffer_
  socket socket_;
  std::optional<boost::asio::ssl::stream<socket&>> tls_;
  smtp_session session_;
  smtp_step step_ = smtp_step::over;
  bool timed_out_ = false;
  bool resting_ = false;
};

}  // namespace otpd::mail
