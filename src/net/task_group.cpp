#include "net/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

namespace otpd::net {

task_group::task_group(loop_executor executor, report on_failure)
    : x_executor(std::move(executor)), x_on_failure(std::move(on_failure)) {}

void task_group::spawn(task<void> work) {
  x_size.fetch_add(1, std::memory_order_relaxed);
  boost::asio::co_spawn(x_executor, std::move(work),
                        [this](const std::exception_ptr& failure) { end_task(failure); });
}

void task_group::end_task(const std::exception_ptr& failure) {
  if (failure && x_on_failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& e) {
      x_on_failure(e.what());
    } catch (...) {
      x_on_failure("an exception that is no std::exception");
    }
  }
  // Under the mutex, so that the group is not destroyed by a waiter before the notification is through.
  const std::lock_guard lock(x_mutex);
  if (x_size.fetch_sub(1, std::memory_order_acq_rel) == 1) x_empty.notify_all();
}

bool task_group::wait_until_empty(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(x_mutex);
  return x_empty.wait_until(lock, until, [this] { return size() == 0; });
}

}  // namespace otpd::net
