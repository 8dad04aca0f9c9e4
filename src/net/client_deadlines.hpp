#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <memory>

#include "task.hpp"

namespace otpd::net {

using steady_time = std::chrono::steady_clock::time_point;
using loop_timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, loop_executor>;

// Something that is ended when its time is over. It leaves its list by itself when it is destroyed.
class mortal
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  mortal() = default;
  mortal(const mortal&) = delete;
  mortal& operator=(const mortal&) = delete;
  virtual ~mortal() = default;

 private:
  friend class client_deadlines;
  // Called once per deadline. It may not destroy or watch anything.
  virtual void on_deadline() noexcept = 0;

  steady_time deadline_ = steady_time::max();
};

// Many absolute deadlines on one timer, exact to the timer's resolution. Moving a deadline away, which is
// what every call on a kept connection does, costs two stores: the timer is left armed, and sorts out whom it
// fires for when it does. Belongs to one loop.
class client_deadlines {
 public:
  explicit client_deadlines(loop_executor loop);
  client_deadlines(const client_deadlines&) = delete;
  client_deadlines& operator=(const client_deadlines&) = delete;

  // From now on `what` ends at `at`, instead of at its former deadline. Never before `at`.
  void watch(mortal& what, steady_time at);
  // Stops waiting while nothing is watched, so that the loop can run out of work.
  void rest_if_unused() noexcept;

 private:
  void arm(steady_time at);
  void sweep();

  loop_timer timer_;
  steady_time armed_ = steady_time::max();
  boost::intrusive::list<mortal, boost::intrusive::constant_time_size<false>> watched_;
  std::shared_ptr<const bool> alive_ =
      std::make_shared<const bool>(true);  // a fired timer may outlive us in the loop's queue
};

}  // namespace otpd::net
