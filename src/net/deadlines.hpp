#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <functional>

#include "task.hpp"

namespace otpd::net {

// Time since boot. Never the wall clock, and it does not stand still while the machine sleeps.
using clock_function = std::function<std::chrono::nanoseconds()>;

// CLOCK_BOOTTIME.
[[nodiscard]] std::chrono::nanoseconds boot_time() noexcept;

class deadlines;

// Something on one loop that has one deadline at a time. Knows its list, costs no timer.
class timed {
 public:
  timed() = default;
  virtual ~timed() = default;  // has left its list before
  timed(const timed&) = delete;
  timed& operator=(const timed&) = delete;

  // The deadline is over and has been taken off. Must not destroy anything in the list.
  virtual void expire() = 0;
  // The server stops: finish what has begun, begin nothing.
  virtual void wind_down() = 0;
  // The time to wind down is over: let go of the peer now.
  virtual void abort() = 0;

  void expire_at(std::chrono::nanoseconds moment) noexcept { moment_ = moment; }
  void never_expire() noexcept { moment_ = std::chrono::nanoseconds::max(); }

 private:
  friend class deadlines;
  timed* previous_ = nullptr;
  timed* next_ = nullptr;
  std::chrono::nanoseconds moment_ = std::chrono::nanoseconds::max();
};

// The deadlines of one loop, kept by one timer that looks every 100 ms. All on the loop's thread.
class deadlines {
 public:
  deadlines(loop_executor executor, clock_function clock);
  deadlines(const deadlines&) = delete;
  deadlines& operator=(const deadlines&) = delete;

  [[nodiscard]] std::chrono::nanoseconds now() const { return clock_(); }
  void add(timed& member) noexcept;
  void remove(timed& member) noexcept;

  // Sweeps until wind_down() has been called and the last member is gone.
  task<void> run();
  // Tells every member, and gives them until now() + bound before they are aborted.
  void wind_down(std::chrono::nanoseconds bound);
  // Expires what is late.
  void sweep();

 private:
  using timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                        boost::asio::wait_traits<std::chrono::steady_clock>, loop_executor>;

  template <class Visit>
  void for_each(Visit visit) {
    for (timed* m = first_; m != nullptr;) {
      timed* const next = m->next_;
      visit(*m);
      m = next;
    }
  }

  clock_function clock_;
  timer timer_;
  timed* first_ = nullptr;
  bool winding_down_ = false;
  std::chrono::nanoseconds end_ = std::chrono::nanoseconds::max();
};

}  // namespace otpd::net
