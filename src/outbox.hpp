#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "net/task_group.hpp"
#include "otp/queued_send.hpp"
#include "otp/verifier.hpp"

namespace otpd {

// Sends what is queued, in the order of its coming and outside of the requests that queued it. One per event
// loop; what is said about no thread is called on the loop.
class outbox final : public otp::send_queue {
 public:
  static constexpr std::size_t capacity = 10'000;  // waiting sends
  static constexpr std::size_t at_once = 256;      // sends under way

  outbox(loop_executor loop, net::task_group::report on_failure);

  [[nodiscard]] bool has_room() const noexcept override { return ready_.size() + later_.size() < capacity; }
  void add(otp::queued_send what) override;

  // Before the loop runs: who sends, and the rows that an earlier process has left. `verifier` outlives the
  // outbox's tasks.
  void start(otp::verifier& verifier, std::vector<std::string> rows);
  // From any thread: nothing more is begun. What waits is in the store.
  void stop() noexcept { stopping_ = true; }
  // From another thread, after stop(): until what was begun has ended. False: not in time, or abandoned.
  [[nodiscard]] bool wait(std::chrono::steady_clock::time_point until);
  // From any thread: nobody waits for what was begun.
  void abandon() noexcept { abandoned_ = true; }

  // Thread-safe, for metrics.
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.load(std::memory_order_relaxed); }

 private:
  using time = std::chrono::steady_clock::time_point;

  task<void> restore(std::vector<std::string> rows);
  task<void> work();
  task<void> wake();
  void go();
  void count() noexcept { waiting_.store(ready_.size() + later_.size(), std::memory_order_relaxed); }

  net::task_group group_;
  otp::verifier* verifier_ = nullptr;
  std::deque<otp::queued_send> ready_;
  std::multimap<time, otp::queued_send> later_;  // by when to try again
  std::size_t workers_ = 0;
  bool is_waking_ = false;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> abandoned_{false};
  std::atomic<std::size_t> waiting_{0};
};

}  // namespace otpd
