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
    : service_(std::move(owner)),
      tls_(std::move(tls)),
      acceptor_(service_->executor),
      pause_(service_->executor) {
  acceptor_.open(address.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address(true));
  share_port(acceptor_.native_handle());
  if (address.address().is_v6()) acceptor_.set_option(boost::asio::ip::v6_only(false));
  acceptor_.bind(address);
  acceptor_.listen(backlog);
  acceptor_.non_blocking(true);
}

task<void> listener::run() {
  std::string last_error;
  while (!stopped_) {
    tcp::endpoint peer;
    tcp_socket socket(service_->executor);
    const auto [ec] =
        co_await acceptor_.async_accept(socket, peer, boost::asio::as_tuple(boost::asio::deferred));
    if (!ec) {
      last_error.clear();
      admit(std::move(socket), peer);
      continue;
    }
    if (stopped_ || ec == boost::asio::error::connection_aborted) continue;
    if (last_error != ec.message()) service_->report("accept: " + ec.message());
    last_error = ec.message();
    pause_.expires_after(pause);
    [[maybe_unused]] const auto [cancelled] =
        co_await pause_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
  }
}

void listener::admit(tcp_socket socket, const tcp::endpoint& peer) {
  boost::system::error_code ignored;
  const auto address = folded(peer.address());
  auto& counted = service_->counted;
  counted.accepted.fetch_add(1, std::memory_order_relaxed);
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);

  connection_caps::ticket place;
  const auto verdict = service_->caps->admit(address, place);
  if (verdict == connection_caps::verdict::too_many_from_address)
    return counted.count(refusal::too_many_from_address);
  if (verdict == connection_caps::verdict::too_many) {
    if (tls_ || service_->turned_away >= turned_away_at_once) return counted.count(refusal::too_many);
    return service_->tasks.spawn(turn_away(std::move(socket), address, service_));
  }
  if (!tls_)
    return service_->tasks.spawn(serve_plain(std::move(socket), address, service_, std::move(place)));
  service_->tasks.spawn(serve_tls(std::move(socket), tls_->current(), address, service_, std::move(place)));
}

void listener::stop() {
  if (stopped_) return;
  stopped_ = true;
  boost::system::error_code ec;
  for (unsigned i = 0; i < last_accepts; ++i) {
    tcp::endpoint peer;
    tcp_socket socket(service_->executor);
    acceptor_.accept(socket, peer, ec);
    if (ec) break;
    admit(std::move(socket), peer);
  }
  acceptor_.close(ec);
  pause_.cancel();
}

}  // namespace otpd::net
