#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "net/counters.hpp"
#include "net/deadlines.hpp"
#include "net/event_loop.hpp"
#include "net/limits.hpp"
#include "net/message.hpp"
#include "net/service.hpp"
#include "net/tls.hpp"

namespace otpd::net {

struct server_options {
  boost::asio::ip::tcp::endpoint address;  // port 0: any free one, see port()
  std::size_t loop_count = 0;              // how many loops, from the first on, serve it; 0: all
  parser_limits parsing;
  deadline_limits times;
  connection_limits connections;
  std::shared_ptr<tls_contexts> tls;  // null: plain
  clock_function clock = boot_time;
  service::report_function report;  // may be empty
};

// An HTTP/1.1 server over some event loops. A process may have several on the same loops (the API and the
// administration).
//
//   event_loops loops{2};
//   server api(loops, options, [&](loop_executor executor, std::size_t loop) { return
//   std::make_unique<my_handler>(...); }); api.start();           loops.start(); api.drain(25s);        if
//   (!api.join()) ...;      loops.stop();  loops.join();
class server {
 public:
  // Called once for each loop, on the thread that calls start().
  using handler_factory = std::function<std::unique_ptr<handler>(loop_executor, std::size_t loop_index)>;

  // `loops` outlives the server.
  server(event_loops& loops, server_options options, handler_factory factory);
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  // Stop the loops, or drain() and join(), before.
  ~server();

  // Binds on every loop, and accepts as soon as the loops run. Throws boost::system::system_error.
  void start();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  // From any thread, returns at once, needs running loops. Accepts nothing more; answers carry Connection:
  // close; idle connections are closed; what was begun is finished within `bound`, then cut off. The second
  // call only shortens: everything is cut off by its bound.
  void drain(std::chrono::milliseconds bound);
  // After drain(): waits until every connection and every handler's task has ended. False: a handler still
  // runs although the bound and a second are over; its session is cut off, but its task is not.
  [[nodiscard]] bool join();

  [[nodiscard]] gauges now() const noexcept;

 private:
  struct part;

  event_loops& loops_;
  server_options options_;
  handler_factory factory_;
  std::vector<std::unique_ptr<part>> parts_;
  std::uint16_t port_ = 0;
  std::atomic<std::chrono::steady_clock::time_point> end_{std::chrono::steady_clock::time_point::max()};
};

}  // namespace otpd::net
