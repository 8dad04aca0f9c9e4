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
      : executor_(std::move(executor)), log_(log), released_(released) {}

  task<void> handle(const request& in, response& out) override {
    std::string line(name_of(in.method));
    line.append(" ").append(in.path);
    if (!in.query.empty()) line.append("?").append(in.query);
    if (!in.body.empty()) line.append(" ").append(in.body);
    log_.add(std::move(line));
    if (in.path == "/throw") throw std::runtime_error("thrown by the handler");
    if (in.path == "/hold") {
      while (!released_)
        co_await boost::asio::post(executor_, boost::asio::deferred);
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
  loop_executor executor_;
  request_log& log_;
  const std::atomic<bool>& released_;
};

}  // namespace

clock_function still_clock::function() {
  return [this] {
    const std::lock_guard lock(mutex_);
    ++looks_;
    looked_at_.notify_all();
    return now_;
  };
}

void still_clock::advance(std::chrono::nanoseconds by) {
  const std::lock_guard lock(mutex_);
  now_ += by;
}

void still_clock::wait_for_sweep() {
  std::unique_lock lock(mutex_);
  const auto until = looks_ + 2;
  looked_at_.wait(lock, [&] { return looks_ >= until; });
}

void request_log::add(std::string line) {
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
  grown_.notify_all();
}

std::vector<std::string> request_log::lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

void request_log::wait_for(std::size_t count) const {
  std::unique_lock lock(mutex_);
  grown_.wait(lock, [&] { return lines_.size() >= count; });
}

test_server::test_server(server_options options, std::size_t loop_count) : loops_(loop_count) {
  const bool given = options.address.address() != boost::asio::ip::address();
  if (!given) options.address.address(boost::asio::ip::make_address("127.0.0.1"));
  options.report = [this](std::string_view text) { reports_.add(std::string(text)); };
  server_ = std::make_unique<server>(loops_, std::move(options), [this](loop_executor executor, std::size_t) {
    return std::make_unique<answering_handler>(std::move(executor), log_, released_);
  });
  server_->start();
  loops_.start();
}

test_server::~test_server() {
  release();
  stop(std::chrono::milliseconds(0));
}

bool test_server::stop(std::chrono::milliseconds bound) {
  if (std::exchange(stopped_, true)) return true;
  server_->drain(bound);
  const bool ended = server_->join();
  loops_.stop();
  loops_.join();
  return ended;
}

std::promise<void> test_server::keep_busy() {
  std::promise<void> go;
  std::promise<void> busy;
  const auto is_busy = busy.get_future();
  boost::asio::post(loops_[0].executor(), [busy = std::move(busy), until = go.get_future()]() mutable {
    busy.set_value();
    until.wait();
  });
  is_busy.wait();
  return go;
}

void test_server::settle() {
  // A loop looks at its sockets between two posted turns; what it finds is queued before the next turn.
  for (int turn = 0; turn < 4; ++turn) {
    for (std::size_t i = 0; i < loops_.size(); ++i) {
      std::promise<void> done;
      const auto is_done = done.get_future();
      boost::asio::post(loops_[i].executor(), [done = std::move(done)]() mutable { done.set_value(); });
      is_done.wait();
    }
  }
}

}  // namespace otpd::net::test
