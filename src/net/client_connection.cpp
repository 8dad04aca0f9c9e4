#include "net/client_connection.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <boost/asio/write.hpp>

#include "net/client_tls.hpp"
#include "net/wakeup.hpp"

namespace otpd::net {

namespace asio = boost::asio;
using boost::system::error_code;

client_connection::client_connection(loop_executor loop) : socket_(loop) {}

task<error_code> client_connection::connect(asio::ip::tcp::endpoint to) {
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

task<error_code> client_connection::secure(const client_tls& trust, std::string host) {
  tls_.emplace(socket_, trust.context());
  SSL* handle = tls_->native_handle();
  if (!expect_host(handle, host)) co_return http_errc::certificate_refused;
  const auto [failure] = co_await tls_->async_handshake(asio::ssl::stream_base::client, as_results);
  if (!failure) co_return error_code{};
  if (SSL_get_verify_result(handle) != X509_V_OK) co_return http_errc::certificate_refused;
  co_return http_errc::tls_failed;
}

task<boost::system::result<http_answer>> client_connection::exchange(std::string_view request, bool is_head,
                                                                     answer_bounds bounds) {
  handed_over_ = false;
  reusable_ = false;
  const error_code unwritten = co_await write(request);
  if (unwritten) co_return broken();

  answer_parser parser{is_head, bounds};
  auto step = answer_parser::step::more;
  while (step == answer_parser::step::more) {
    const auto bytes = co_await read();
    if (bytes) {
      step = parser.feed(*bytes);
    } else if (bytes.error() == asio::error::eof && parser.finish() == answer_parser::step::done) {
      step = answer_parser::step::done;
    } else {
      co_return broken();
    }
  }
  if (step == answer_parser::step::too_large) co_return http_errc::too_large;
  if (step == answer_parser::step::malformed) co_return http_errc::bad_response;
  reusable_ = parser.reusable() && !timed_out_;
  co_return parser.take();
}

task<error_code> client_connection::write(std::string_view bytes) {
  if (tls_) {
    // How much of a failed write got through is hidden below the encryption.
    handed_over_ = true;
    const auto [failure, count] = co_await asio::async_write(*tls_, asio::buffer(bytes), as_results);
    co_return failure;
  }
  // A request nearly always fits into the socket's buffer: then this is one system call and no wait.
  while (!bytes.empty()) {
    error_code ec;
    const std::size_t count = socket_.write_some(asio::buffer(bytes), ec);
    if (count > 0) handed_over_ = true;
    bytes.remove_prefix(count);
    if (ec == asio::error::would_block) {
      const auto [failure] = co_await socket_.async_wait(socket::wait_write, as_results);
      ec = failure;
    }
    if (ec) co_return ec;
  }
  co_return error_code{};
}

task<boost::system::result<std::string_view>> client_connection::read() {
  const auto buffer = asio::buffer(buffer_);
  if (tls_) {
    const auto [failure, count] = co_await tls_->async_read_some(buffer, as_results);
    if (failure) co_return failure;
    co_return std::string_view{buffer_.data(), count};
  }
  const auto [failure, count] = co_await socket_.async_read_some(buffer, as_results);
  if (failure) co_return failure;
  co_return std::string_view{buffer_.data(), count};
}

http_errc client_connection::broken() const noexcept {
  if (!handed_over_) return http_errc::not_connected;
  return timed_out_ ? http_errc::timed_out : http_errc::reset;
}

bool client_connection::is_alive() noexcept {
  if (!socket_.is_open()) return false;
  char byte = 0;
  const ssize_t count = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

void client_connection::on_deadline() noexcept {
  timed_out_ = true;
  error_code ec;
  socket_.close(ec);
}

}  // namespace otpd::net
