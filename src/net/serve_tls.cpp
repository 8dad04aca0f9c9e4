#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "net/session_of.ipp"

namespace otpd::net {

struct tls_wire {
  using stream = boost::asio::ssl::stream<tcp_socket>;
  static constexpr bool encrypted = true;

  static task<bool> open(stream& s) {
    const auto [ec] = co_await s.async_handshake(boost::asio::ssl::stream_base::server,
                                                 boost::asio::as_tuple(boost::asio::deferred));
    co_return !ec;
  }

  // Sends close_notify and waits for the peer's.
  static task<void> close(stream& s, byte_buffer&) {
    [[maybe_unused]] const auto [ec] =
        co_await s.async_shutdown(boost::asio::as_tuple(boost::asio::deferred));
  }

  // OpenSSL may have to read in order to write: everything waits.
  static std::size_t write_now(stream&, boost::asio::const_buffer, boost::system::error_code& ec) {
    ec = boost::asio::error::would_block;
    return 0;
  }
  static std::size_t read_now(stream&, boost::asio::mutable_buffer, boost::system::error_code& ec) {
    ec = boost::asio::error::would_block;
    return 0;
  }
};

// GCC 12 inlines the coroutine frame's operator new down to aligned_alloc, but not its operator delete, and
// takes them for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

template class session_of<tls_wire>;

task<void> serve_tls(tcp_socket socket, std::shared_ptr<boost::asio::ssl::context> context,
                     boost::asio::ip::address peer, std::shared_ptr<service> owner,
                     connection_caps::ticket place) {
  tls_wire::stream stream(std::move(socket), *context);
  session_of<tls_wire> session(std::move(stream), std::move(peer), std::move(owner), std::move(place));
  co_await session.run();
}

}  // namespace otpd::net
