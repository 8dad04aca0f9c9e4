#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>

#include "net/service.hpp"
#include "net/session.hpp"
#include "net/tls.hpp"

namespace otpd::net {

// Accepts the connections of one server on one loop. The kernel spreads them over the listeners of the port
// (SO_REUSEPORT).
class listener {
 public:
  // Binds and listens. Throws boost::system::system_error, for instance when the address is in use by another
  // server. `tls` may be null: plain.
  listener(std::shared_ptr<service> owner, const boost::asio::ip::tcp::endpoint& address,
           std::shared_ptr<tls_contexts> tls);
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  [[nodiscard]] boost::asio::ip::tcp::endpoint address() const { return acceptor_.local_endpoint(); }

  // Accepts until stop(). Out of file descriptors or memory it waits 50 ms and goes on.
  task<void> run();
  // On the loop: takes in what the kernel has already connected, then closes the port.
  void stop();

 private:
  using acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, loop_executor>;
  using timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                        boost::asio::wait_traits<std::chrono::steady_clock>, loop_executor>;

  void admit(tcp_socket socket, const boost::asio::ip::tcp::endpoint& peer);

  std::shared_ptr<service> service_;
  std::shared_ptr<tls_contexts> tls_;
  acceptor acceptor_;
  timer pause_;
  bool stopped_ = false;
};

}  // namespace otpd::net
