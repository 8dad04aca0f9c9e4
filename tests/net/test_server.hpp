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
  std::mutex x_mutex;
  std::condition_variable x_looked_at;
  std::chrono::nanoseconds x_now{std::chrono::hours(1)};
  std::uint64_t x_looks = 0;
};

// What the server of a test was asked, in order, as "METHOD path?query body".
class request_log {
 public:
  void add(std::string line);
  [[nodiscard]] std::vector<std::string> lines() const;
  void wait_for(std::size_t count) const;

 private:
  mutable std::mutex x_mutex;
  mutable std::condition_variable x_grown;
  std::vector<std::string> x_lines;
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

  [[nodiscard]] std::uint16_t port() const { return x_server->port(); }
  [[nodiscard]] server& http() { return *x_server; }
  [[nodiscard]] request_log& log() { return x_log; }
  void release() { x_released = true; }
  // Blocks until every loop has handled what its sockets had received before the call.
  void settle();
  // The first loop does nothing more until the promise is kept.
  [[nodiscard]] std::promise<void> keep_busy();
  [[nodiscard]] std::vector<std::string> reports() const { return x_reports.lines(); }
  void wait_for_report() const { x_reports.wait_for(1); }
  // Drains, then stops the loops; true if nothing was left.
  bool stop(std::chrono::milliseconds bound = std::chrono::seconds(10));

 private:
  request_log x_log;
  request_log x_reports;
  std::atomic<bool> x_released{false};
  event_loops x_loops;
  std::unique_ptr<server> x_server;
  bool x_stopped = false;
};

}  // namespace otpd::net::test
