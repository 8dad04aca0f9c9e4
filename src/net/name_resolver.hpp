#pragma once

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/wakeup.hpp"

namespace otpd::net {

// Host names to addresses, through the system's resolver (RFC 6724 order). One question per name is under way
// however many ask; an answer is kept for a while, because getaddrinfo tells no lifetime and Asio has one
// resolver thread for a whole loop. Literal addresses and "localhost" never reach the resolver, so
// they start no thread.
// Belongs to one loop.
class name_resolver {
 public:
  using addresses = std::vector<boost::asio::ip::address>;

  name_resolver(loop_executor loop, std::chrono::seconds keep);
  name_resolver(const name_resolver&) = delete;
  name_resolver& operator=(const name_resolver&) = delete;

  // At least one address, at most `max_addresses`. Fails with http_errc::not_resolved, also when `deadline`
  // comes first; the question then stays under way, for the next who asks.
  task<boost::system::result<addresses>> resolve(std::string host, steady_time deadline);
  // Its addresses did not work: ask again next time.
  void forget(const std::string& host) noexcept;

  static constexpr std::size_t max_addresses = 4;

 private:
  using tcp_resolver = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, loop_executor>;
  struct name {
    addresses found;
    steady_time fresh_until = steady_time::min();
    bool asking = false;
    wakeup::list waiting;
  };

  void ask(const std::string& host);
  void on_answer(const std::string& host, const tcp_resolver::results_type& results);

  loop_executor loop_;
  std::chrono::seconds keep_;
  tcp_resolver resolver_;
  std::map<std::string, name> names_;  // as many as the configuration names
  std::shared_ptr<const bool> alive_ =
      std::make_shared<const bool>(true);  // an answer may outlive us in the loop's queue
};

}  // namespace otpd::net
