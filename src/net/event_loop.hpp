#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "task.hpp"

namespace otpd::net {

// An io_context with the one thread that runs it. Whatever belongs to a loop is touched on that thread only.
class event_loop {
 public:
  explicit event_loop(std::size_t index);
  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;
  // Stops and joins.
  ~event_loop();

  [[nodiscard]] std::size_t index() const noexcept { return index_; }
  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  [[nodiscard]] loop_executor executor() noexcept { return context_.get_executor(); }

  void start();
  // From any thread. What is pending stays pending.
  void stop();
  void join();

 private:
  const std::size_t index_;
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<loop_executor> work_;
  std::thread thread_;
};

// The loops of the process. Created first and destroyed last but for what their pending tasks refer to: those
// are destroyed with them.
class event_loops {
 public:
  explicit event_loops(std::size_t count);

  [[nodiscard]] std::size_t size() const noexcept { return loops_.size(); }
  [[nodiscard]] event_loop& operator[](std::size_t i) noexcept { return *loops_[i]; }

  void start();
  void stop();
  void join();

 private:
  std::vector<std::unique_ptr<event_loop>> loops_;
};

}  // namespace otpd::net
