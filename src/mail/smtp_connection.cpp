#include "mail/smtp_connection.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <boost/asio/write.hpp>
#include <cerrno>

#include "net/wakeup.hpp"

namespace otpd::mail {

namespace asio = boost::asio;
using boost::system::error_code;
using net::as_results;

smtp_connection::smtp_connection(loop_executor loop, const smtp_options& options)
    : options_(options), socket_(loop), session_(options) {}

task<error_code> smtp_connection::connect(asio::ip::tcp::endpoint to) {
  error_code ec;
  timed_out_ = false;
  socket_.close(ec);
  socket_.open(to.protocol(), ec);
  if (ec) co_return ec;
  const auto [failure] = co_await socket_.async_connect(to, as_results);
  if (failure) co_return failure;
  socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  socket_.non_blocking(true, ec);
  co_return ec;
}

task<bool> smtp_connection::open(const net::client_tls* trust) {
  step_ = session_.open();
  co_await converse(trust);
  co_return step_ == smtp_step::ready;
}

task<void> smtp_connection::deliver(std::string_view from, std::string_view to, std::string_view content) {
  resting_ = false;
  timed_out_ =
      false;  // if the last message's deadline came after its end, this is a connection that was lost
  step_ = session_.begin(from, to, content);
  co_await converse(nullptr);
}

task<void> smtp_connection::converse(const net::client_tls* trust) {
  while (step_ != smtp_step::ready && step_ != smtp_step::over) {
    if (step_ == smtp_step::receive)
      co_await receive();
    else if (step_ == smtp_step::send)
      co_await send();
    else
      co_await encrypt(trust);
  }
}

task<void> smtp_connection::encrypt(const net::client_tls* trust) {
  // Said in the clear, maybe not by the server; it must not pass for something that TLS brought
  // (CVE-2011-0411 is this, at the other end).
  if (!unread_.empty()) {
    step_ = session_.on_broken(smtp_errc::plaintext_injected);
    co_return;
  }
  if (!trust) {
    step_ = session_.on_broken(smtp_errc::tls_failed);
    co_return;
  }
  tls_.emplace(socket_, trust->context());
  SSL* handle = tls_->native_handle();
  if (!net::expect_host(handle, options_.host)) {
    step_ = session_.on_broken(smtp_errc::certificate_refused);
    co_return;
  }
  const auto [failure] = co_await tls_->async_handshake(asio::ssl::stream_base::client, as_results);
  if (!failure)
    step_ = session_.on_encrypted();
  else if (timed_out_)
    step_ = session_.on_broken(smtp_errc::timed_out);
  else if (SSL_get_verify_result(handle) != X509_V_OK)
    step_ = session_.on_broken(smtp_errc::certificate_refused);
  else
    step_ = session_.on_broken(smtp_errc::tls_failed);
}

task<void> smtp_connection::send() {
  // Nothing was asked yet: whatever is there answers another question.
  if (!unread_.empty()) {
    step_ = session_.on_broken(smtp_errc::bad_reply);
    co_return;
  }
  const auto bytes = asio::buffer(session_.output());
  error_code ec;
  if (tls_) {
    const auto [failure, count] = co_await asio::async_write(*tls_, bytes, as_results);
    ec = failure;
  } else {
    const auto [failure, count] = co_await asio::async_write(socket_, bytes, as_results);
    ec = failure;
  }
  step_ = ec ? session_.on_broken(broken()) : session_.on_sent();
}

task<void> smtp_connection::receive() {
  smtp_reply_parser parser;
  auto step = smtp_reply_parser::step::more;
  while (step == smtp_reply_parser::step::more) {
    if (unread_.empty()) {
      const auto count = co_await read();
      if (!count) {
        step_ = session_.on_broken(broken());
        co_return;
      }
      unread_ = {buffer_.data(), *count};
    }
    step = parser.feed(unread_);
  }
  const bool is_reply = step == smtp_reply_parser::step::done;
  step_ = is_reply ? session_.on_reply(parser.reply()) : session_.on_broken(smtp_errc::bad_reply);
}

task<boost::system::result<std::size_t>> smtp_connection::read() {
  const auto buffer = asio::buffer(buffer_);
  if (tls_) {
    const auto [failure, count] = co_await tls_->async_read_some(buffer, as_results);
    if (failure) co_return failure;
    co_return count;
  }
  const auto [failure, count] = co_await socket_.async_read_some(buffer, as_results);
  if (failure) co_return failure;
  co_return count;
}

smtp_errc smtp_connection::broken() const noexcept {
  return timed_out_ ? smtp_errc::timed_out : smtp_errc::reset;
}

bool smtp_connection::is_alive() noexcept {
  if (!socket_.is_open() || !unread_.empty()) return false;
  char byte = 0;
  const ssize_t count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

void smtp_connection::quit() noexcept {
  constexpr std::string_view farewell = "QUIT\r\n";
  if (!socket_.is_open()) return;
  error_code ec;
  if (tls_)
    tls_->write_some(asio::buffer(farewell), ec);
  else
    socket_.write_some(asio::buffer(farewell), ec);
  socket_.close(ec);
}

void smtp_connection::on_deadline() noexcept {
  timed_out_ = true;
  if (resting_) {
    quit();
    return;
  }
  error_code ec;
  socket_.close(ec);
}

}  // namespace otpd::mail
