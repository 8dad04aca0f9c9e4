#include "net/server.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "net/listener.hpp"

namespace otpd::net {

// A server's share of one loop.
struct server::part {
  std::shared_ptr<net::service> service;
  std::unique_ptr<net::listener> listener;
};

server::server(event_loops& loops, server_options options, handler_factory factory)
    : loops_(loops), options_(std::move(options)), factory_(std::move(factory)) {
  if (options_.loop_count == 0 || options_.loop_count > loops_.size()) options_.loop_count = loops_.size();
  if (!options_.report) options_.report = [](std::string_view) {};
}

server::~server() = default;

void server::start() {
  auto caps = std::make_shared<connection_caps>(options_.connections);
  auto address = options_.address;
  for (std::size_t i = 0; i < options_.loop_count; ++i) {
    const auto executor = loops_[i].executor();
    auto made = std::make_unique<part>();
    made->service = std::make_shared<service>(executor, factory_(executor, i), caps, options_.parsing,
                                              options_.times, options_.clock, options_.report);
    made->listener = std::make_unique<listener>(made->service, address, options_.tls);
    address.port(made->listener->address().port());
    parts_.push_back(std::move(made));
  }
  port_ = address.port();
  for (auto& p : parts_) {
    p->service->tasks.spawn(p->service->deadlines.run());
    p->service->tasks.spawn(p->listener->run());
  }
}

void server::drain(std::chrono::milliseconds bound) {
  end_ = std::min(end_.load(), std::chrono::steady_clock::now() + bound + std::chrono::seconds(1));
  for (auto& p : parts_) {
    part* const mine = p.get();
    boost::asio::post(mine->service->executor, [mine, bound] {
      mine->service->draining = true;
      mine->listener->stop();
      mine->service->deadlines.wind_down(bound);
    });
  }
}

bool server::join() {
  // In steps, because another drain() may bring the end nearer.
  constexpr std::chrono::milliseconds step(50);
  for (auto& p : parts_) {
    while (!p->service->tasks.wait_until_empty(std::chrono::steady_clock::now() + step)) {
      if (std::chrono::steady_clock::now() >= end_.load()) return false;
    }
  }
  return true;
}

gauges server::now() const noexcept {
  gauges sum;
  for (const auto& p : parts_)
    sum.add(p->service->counted);
  return sum;
}

}  // namespace otpd::net
