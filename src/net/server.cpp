#include "net/server.hpp"

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
    : x_loops(loops), x_options(std::move(options)), x_factory(std::move(factory)) {
  if (x_options.loop_count == 0 || x_options.loop_count > x_loops.size())
    x_options.loop_count = x_loops.size();
  if (!x_options.report) x_options.report = [](std::string_view) {};
}

server::~server() = default;

void server::start() {
  auto caps = std::make_shared<connection_caps>(x_options.connections);
  auto address = x_options.address;
  for (std::size_t i = 0; i < x_options.loop_count; ++i) {
    const auto executor = x_loops[i].executor();
    auto made = std::make_unique<part>();
    made->service = std::make_shared<service>(executor, x_factory(executor, i), caps, x_options.parsing,
                                              x_options.times, x_options.clock, x_options.report);
    made->listener = std::make_unique<listener>(made->service, address, x_options.tls);
    address.port(made->listener->address().port());
    x_parts.push_back(std::move(made));
  }
  x_port = address.port();
  for (auto& p : x_parts) {
    p->service->tasks.spawn(p->service->deadlines.run());
    p->service->tasks.spawn(p->listener->run());
  }
}

void server::drain(std::chrono::milliseconds bound) {
  x_end = std::chrono::steady_clock::now() + bound + std::chrono::seconds(1);
  for (auto& p : x_parts) {
    part* const mine = p.get();
    boost::asio::post(mine->service->executor, [mine, bound] {
      mine->service->draining = true;
      mine->listener->stop();
      mine->service->deadlines.wind_down(bound);
    });
  }
}

bool server::join() {
  bool ended = true;
  for (auto& p : x_parts) {
    ended = p->service->tasks.wait_until_empty(x_end.load()) && ended;
  }
  return ended;
}

gauges server::now() const noexcept {
  gauges sum;
  for (const auto& p : x_parts)
    sum.add(p->service->counted);
  return sum;
}

}  // namespace otpd::net
