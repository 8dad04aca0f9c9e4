#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/server.hpp"

namespace otpd::net::test {

// A clock that stands still until it is told. It knows when it has been looked at.
class still_clock {
 public:
  [[nodiscard]] clock_function function();
  void advance(std::chrono::nanoseconds by);
  // Blocks until a sweep has begun and ended after this call: an idle server looks at the clock only to
  // sweep.
  void wait_for_sweep();

 private:
  std::mutex mutex_;
  std::condition_variable looked_at_;
  std::chrono::nanoseconds now_{std::chrono::hours(1)};
  std::uint64_t looks_ = 0;
};

// What the server of a test was asked, in order, as "METHOD path?query body".
class request_log {
 public:
  void add(std::string line);
  [[nodiscard]] std::vector<std::string> lines() const;
  void wait_for(std::size_t count) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable grown_;
  std::vector<std::string> lines_;
};

// Loops, a server on a free port of 127.0.0.1 (or the address that is given), and a handler that answers by
// the path:
//   /throw  an exception     /close  asks to close     /big   256 KiB     /none  204     /peer  who asks
//   /hold   answers when `release` is set (an event loop's turn each)     anything else:
//   "path|query|body|host"
class test_server {
 public:
  explicit test_server(server_options options = {}, std::size_t loop_count = 1);
  ~test_server();

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] server& http() { return *server_; }
  [[nodiscard]] request_log& log() { return log_; }
  void release() { released_ = true; }
  // Blocks until every loop has handled what its sockets had received before the call.
  void settle();
  // The first loop does nothing more until the promise is kept.
  [[nodiscard]] std::promise<void> keep_busy();
  [[nodiscard]] std::vector<std::string> reports() const { return reports_.lines(); }
  void wait_for_report() const { reports_.wait_for(1); }
  // Drains, then stops the loops; true if nothing was left.
  bool stop(std::chrono::milliseconds bound = std::chrono::seconds(10));

 private:
  request_log log_;
  request_log reports_;
  std::atomic<bool> released_{false};
  event_loops loops_;
  std::unique_ptr<server> server_;
  bool stopped_ = false;
};

}  // namespace otpd::net::test
