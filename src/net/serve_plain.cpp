#include <boost/asio/socket_base.hpp>

#include "net/session_of.ipp"

namespace otpd::net {

// How much of what a peer still sends is read and thrown away, so that our last answer is not overtaken by a
// reset.
constexpr std::size_t discard_limit = 256 * 1024;

struct plain_wire {
  using stream = tcp_socket;
  static constexpr bool encrypted = false;

  static task<bool> open(stream&) { co_return true; }

  static task<void> close(stream& s, byte_buffer& scrap) {
    boost::system::error_code failed;
    s.shutdown(boost::asio::socket_base::shutdown_send, failed);
    std::size_t discarded = 0;
    while (!failed && discarded < discard_limit) {
      scrap.consume(scrap.content().size());
      const auto room = scrap.prepare();
      const boost::asio::mutable_buffer space(room.data, room.size);
      const auto [ec, n] = co_await s.async_read_some(space, boost::asio::as_tuple(boost::asio::deferred));
      failed = ec;
      discarded += n;
    }
  }

  static std::size_t write_now(stream& s, boost::asio::const_buffer bytes, boost::system::error_code& ec) {
    return s.write_some(bytes, ec);
  }
  static std::size_t read_now(stream& s, boost::asio::mutable_buffer room, boost::system::error_code& ec) {
    return s.read_some(room, ec);
  }
};

template class session_of<plain_wire>;

task<void> serve_plain(tcp_socket socket, boost::asio::ip::address peer, std::shared_ptr<service> owner,
                       connection_caps::ticket place) {
  session_of<plain_wire> session(std::move(socket), std::move(peer), std::move(owner), std::move(place));
  co_await session.run();
}

task<void> turn_away(tcp_socket socket, boost::asio::ip::address peer, std::shared_ptr<service> owner) {
  session_of<plain_wire> session(std::move(socket), std::move(peer), std::move(owner),
                                 connection_caps::ticket());
  co_await session.turn_away();
}

}  // namespace otpd::net
