#include "net/name_resolver.hpp"

#include <algorithm>

#include "net/http_call.hpp"

namespace otpd::net {

namespace asio = boost::asio;

name_resolver::name_resolver(loop_executor loop, std::chrono::seconds keep)
    : loop_(loop), keep_(keep), resolver_(loop) {}

task<boost::system::result<name_resolver::addresses>> name_resolver::resolve(std::string host,
                                                                             steady_time deadline) {
  boost::system::error_code ec;
  const auto literal = asio::ip::make_address(host, ec);
  if (!ec) co_return addresses(1, literal);
  // RFC 6761, 6.3: never asked of anyone, and a system without /etc/hosts has it too.
  if (host == "localhost") {
    addresses loopback(1, asio::ip::address_v4::loopback());
    loopback.push_back(asio::ip::address_v6::loopback());
    co_return loopback;
  }

  name& entry = names_[host];
  if (std::chrono::steady_clock::now() >= entry.fresh_until) {
    wakeup turn{loop_, deadline};
    entry.waiting.push_back(turn);
    if (!entry.asking) ask(host);
    const bool answered = co_await turn.wait();
    if (!answered) co_return http_errc::not_resolved;
  }
  if (entry.found.empty()) co_return http_errc::not_resolved;
  co_return entry.found;
}

void name_resolver::forget(const std::string& host) noexcept {
  const auto at = names_.find(host);
  if (at != names_.end()) at->second.fresh_until = steady_time::min();
}

void name_resolver::ask(const std::string& host) {
  names_[host].asking = true;
  resolver_.async_resolve(host, "",
                          [this, host, alive = std::weak_ptr<const bool>(alive_)](
                              const boost::system::error_code&, const tcp_resolver::results_type& results) {
                            if (!alive.expired()) on_answer(host, results);
                          });
}

void name_resolver::on_answer(const std::string& host, const tcp_resolver::results_type& results) {
  name& entry = names_[host];
  entry.asking = false;
  entry.found.clear();
  for (const auto& result : results) {
    const auto address = result.endpoint().address();
    const bool known = std::find(entry.found.begin(), entry.found.end(), address) != entry.found.end();
    if (!known && entry.found.size() < max_addresses) entry.found.push_back(address);
  }
  // A failure is not kept: whoever comes next asks again.
  if (!entry.found.empty()) entry.fresh_until = std::chrono::steady_clock::now() + keep_;
  while (!entry.waiting.empty()) {
    wakeup& first = entry.waiting.front();
    entry.waiting.pop_front();
    first.wake();
  }
}

}  // namespace otpd::net
