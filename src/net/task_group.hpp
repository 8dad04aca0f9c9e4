#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string_view>

#include "task.hpp"

namespace otpd::net {

// The only place where coroutines are spawned: counts those of one loop, so that an owner can wait until none
// is left. Must outlive its tasks.
class task_group {
 public:
  using report = std::function<void(std::string_view)>;

  // `on_failure` is told, on the loop, what an escaped exception said.
  task_group(loop_executor executor, report on_failure);
  task_group(const task_group&) = delete;
  task_group& operator=(const task_group&) = delete;

  // From any thread; the task begins on the loop, never before spawn() returns unless this is the loop's
  // thread.
  void spawn(task<void> work);
  [[nodiscard]] std::size_t size() const noexcept { return size_.load(std::memory_order_acquire); }
  // Blocks until the group is empty: true; or until the time is over: false. Not from the loop's thread.
  bool wait_until_empty(std::chrono::steady_clock::time_point until);
  [[nodiscard]] loop_executor executor() const noexcept { return executor_; }

 private:
  void end_task(const std::exception_ptr& failure);

  loop_executor executor_;
  report on_failure_;
  std::atomic<std::size_t> size_{0};
  std::mutex mutex_;
  std::condition_variable empty_;
};

}  // namespace otpd::net
