#include "net/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace otpd::net {

task_group::task_group(loop_executor executor, report on_failure)
    : executor_(std::move(executor)), on_failure_(std::move(on_failure)) {}

void task_group::spawn(task<void> work) {
  size_.fetch_add(1, std::memory_order_relaxed);
  boost::asio::co_spawn(executor_, std::move(work),
                        [this](const std::exception_ptr& failure) { end_task(failure); });
}

void task_group::end_task(const std::exception_ptr& failure) {
  if (failure && on_failure_) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& e) {
      on_failure_(e.what());
    } catch (...) {
      on_failure_("an exception that is no std::exception");
    }
  }
  // Under the mutex, so that the group is not destroyed by a waiter before the notification is through.
  const std::lock_guard lock(mutex_);
  if (size_.fetch_sub(1, std::memory_order_acq_rel) == 1) empty_.notify_all();
}

bool task_group::wait_until_empty(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  return empty_.wait_until(lock, until, [this] { return size() == 0; });
}

}  // namespace otpd::net
