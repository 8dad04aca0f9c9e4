#include "net/listener.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <string>
#include <utility>

namespace otpd::net {
namespace {

using boost::asio::ip::tcp;

constexpr int backlog = 4096;
constexpr std::chrono::milliseconds pause{50};
// So many connections over the total are told so at a time, on each loop; more are closed without a word.
constexpr std::size_t turned_away_at_once = 64;
constexpr unsigned last_accepts = 4096;

void share_port(int fd) {
  const int on = 1;
  if (::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
    throw boost::system::system_error(errno, boost::system::system_category(), "SO_REUSEPORT");
  }
}

}  // namespace

listener::listener(std::shared_ptr<service> owner, const tcp::endpoint& address,
                   std::shared_ptr<tls_contexts> tls)
    : x_service(std::move(owner)),
      x_tls(std::move(tls)),
      x_acceptor(x_service->executor),
      x_pause(x_service->executor) {
  x_acceptor.open(address.protocol());
  x_acceptor.set_option(tcp::acceptor::reuse_address(true));
  share_port(x_acceptor.native_handle());
  if (address.address().is_v6()) x_acceptor.set_option(boost::asio::ip::v6_only(false));
  x_acceptor.bind(address);
  x_acceptor.listen(backlog);
  x_acceptor.non_blocking(true);
}

task<void> listener::run() {
  std::string last_error;
  while (!x_stopped) {
    tcp::endpoint peer;
    tcp_socket socket(x_service->executor);
    const auto [ec] =
        co_await x_acceptor.async_accept(socket, peer, boost::asio::as_tuple(boost::asio::deferred));
    if (!ec) {
      last_error.clear();
      admit(std::move(socket), peer);
      continue;
    }
    if (x_stopped || ec == boost::asio::error::connection_aborted) continue;
    if (last_error != ec.message()) x_service->report("accept: " + ec.message());
    last_error = ec.message();
    x_pause.expires_after(pause);
    [[maybe_unused]] const auto [cancelled] =
        co_await x_pause.async_wait(boost::asio::as_tuple(boost::asio::deferred));
  }
}

void listener::admit(tcp_socket socket, const tcp::endpoint& peer) {
  boost::system::error_code ignored;
  const auto address = folded(peer.address());
  auto& counted = x_service->counted;
  counted.accepted.fetch_add(1, std::memory_order_relaxed);
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);

  connection_caps::ticket place;
  const auto verdict = x_service->caps->admit(address, place);
  if (verdict == connection_caps::verdict::too_many_from_address)
    return counted.count(refusal::too_many_from_address);
  if (verdict == connection_caps::verdict::too_many) {
    if (x_tls || x_service->turned_away >= turned_away_at_once) return counted.count(refusal::too_many);
    return x_service->tasks.spawn(turn_away(std::move(socket), address, x_service));
  }
  if (!x_tls)
    return x_service->tasks.spawn(serve_plain(std::move(socket), address, x_service, std::move(place)));
  x_service->tasks.spawn(
      serve_tls(std::move(socket), x_tls->current(), address, x_service, std::move(place)));
}

void listener::stop() {
  if (x_stopped) return;
  x_stopped = true;
  boost::system::error_code ec;
  for (unsigned i = 0; i < last_accepts; ++i) {
    tcp::endpoint peer;
    tcp_socket socket(x_service->executor);
    x_acceptor.accept(socket, peer, ec);
    if (ec) break;
    admit(std::move(socket), peer);
  }
  x_acceptor.close(ec);
  x_pause.cancel();
}

}  // namespace otpd::net
