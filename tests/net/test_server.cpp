#include "net/test_server.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <stdexcept>
#include <utility>

namespace otpd::net::test {
namespace {

std::string_view name_of(method m) {
  static constexpr std::string_view names[] = {"GET",   "HEAD",   "POST",    "PUT",
                                               "PATCH", "DELETE", "OPTIONS", "OTHER"};
  return names[static_cast<std::size_t>(m)];
}

class answering_handler final : public handler {
 public:
  answering_handler(loop_executor executor, request_log& log, const std::atomic<bool>& released)
      : x_executor(std::move(executor)), x_log(log), x_released(released) {}

  task<void> handle(const request& in, response& out) override {
    std::string line(name_of(in.method));
    line.append(" ").append(in.path);
    if (!in.query.empty()) line.append("?").append(in.query);
    if (!in.body.empty()) line.append(" ").append(in.body);
    x_log.add(std::move(line));
    if (in.path == "/throw") throw std::runtime_error("thrown by the handler");
    if (in.path == "/hold") {
      while (!x_released)
        co_await boost::asio::post(x_executor, boost::asio::deferred);
    }
    out.close = in.path == "/close";
    out.status = in.path == "/none" ? 204 : 200;
    out.content_type = "text/plain";
    if (in.path == "/big") {
      out.body.assign(256 * 1024, 'b');
    } else if (in.path == "/peer") {
      out.body = in.peer.to_string() + (in.encrypted ? " encrypted" : " plain");
    } else {
      out.body.append(in.path).append("|").append(in.query).append("|").append(in.body).append("|").append(
          in.field_value("host"));
    }
  }

  void refuse(unsigned status, std::string_view code, response& out) override {
    out.status = status;
    out.content_type = "application/problem+json";
    out.body = code;
    if (status == 503) out.add_field("Retry-After", "1");
  }

 private:
  loop_executor x_executor;
  request_log& x_log;
  const std::atomic<bool>& x_released;
};

}  // namespace

clock_function still_clock::function() {
  return [this] {
    const std::lock_guard lock(x_mutex);
    ++x_looks;
    x_looked_at.notify_all();
    return x_now;
  };
}

void still_clock::advance(std::chrono::nanoseconds by) {
  const std::lock_guard lock(x_mutex);
  x_now += by;
}

void still_clock::wait_for_sweep() {
  std::unique_lock lock(x_mutex);
  const auto until = x_looks + 2;
  x_looked_at.wait(lock, [&] { return x_looks >= until; });
}

void request_log::add(std::string line) {
  const std::lock_guard lock(x_mutex);
  x_lines.push_back(std::move(line));
  x_grown.notify_all();
}

std::vector<std::string> request_log::lines() const {
  const std::lock_guard lock(x_mutex);
  return x_lines;
}

void request_log::wait_for(std::size_t count) const {
  std::unique_lock lock(x_mutex);
  x_grown.wait(lock, [&] { return x_lines.size() >= count; });
}

test_server::test_server(server_options options, std::size_t loop_count) : x_loops(loop_count) {
  const bool given = options.address.address() != boost::asio::ip::address();
  if (!given) options.address.address(boost::asio::ip::make_address("127.0.0.1"));
  options.report = [this](std::string_view text) { x_reports.add(std::string(text)); };
  x_server =
      std::make_unique<server>(x_loops, std::move(options), [this](loop_executor executor, std::size_t) {
        return std::make_unique<answering_handler>(std::move(executor), x_log, x_released);
      });
  x_server->start();
  x_loops.start();
}

test_server::~test_server() {
  release();
  stop(std::chrono::milliseconds(0));
}

bool test_server::stop(std::chrono::milliseconds bound) {
  if (std::exchange(x_stopped, true)) return true;
  x_server->drain(bound);
  const bool ended = x_server->join();
  x_loops.stop();
  x_loops.join();
  return ended;
}

std::promise<void> test_server::keep_busy() {
  std::promise<void> go;
  std::promise<void> busy;
  const auto is_busy = busy.get_future();
  boost::asio::post(x_loops[0].executor(), [busy = std::move(busy), until = go.get_future()]() mutable {
    busy.set_value();
    until.wait();
  });
  is_busy.wait();
  return go;
}

void test_server::settle() {
  // A loop looks at its sockets between two posted turns; what it finds is queued before the next turn.
  for (int turn = 0; turn < 4; ++turn) {
    for (std::size_t i = 0; i < x_loops.size(); ++i) {
      std::promise<void> done;
      const auto is_done = done.get_future();
      boost::asio::post(x_loops[i].executor(), [done = std::move(done)]() mutable { done.set_value(); });
      is_done.wait();
    }
  }
}

}  // namespace otpd::net::test
