#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "net/service.hpp"

namespace boost::asio::ssl {
class context;
}

namespace otpd::net {

using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, loop_executor>;

// One connection, from its acceptance to its end. The tasks end when the connection is closed and no handler
// works for it any more. `peer` is folded. They hold `place` and `owner` for as long.
task<void> serve_plain(tcp_socket socket, boost::asio::ip::address peer, std::shared_ptr<service> owner,
                       connection_caps::ticket place);
task<void> serve_tls(tcp_socket socket, std::shared_ptr<boost::asio::ssl::context> context,
                     boost::asio::ip::address peer, std::shared_ptr<service> owner,
                     connection_caps::ticket place);
// Says 503 without reading anything, half-closes, waits a little for the peer's end, closes.
task<void> turn_away(tcp_socket socket, boost::asio::ip::address peer, std::shared_ptr<service> owner);

}  // namespace otpd::net
