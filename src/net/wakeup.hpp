#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/intrusive/list.hpp>

#include "net/client_deadlines.hpp"

namespace otpd::net {

// What plain co_await takes: the operation's results as a tuple, no exception.
inline constexpr auto as_results = boost::asio::as_tuple(boost::asio::deferred);

// One coroutine that waits in a list until it is woken or its time is over. Lives in the frame of the
// coroutine that waits and leaves the list by itself.
class wakeup
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  using list = boost::intrusive::list<wakeup, boost::intrusive::constant_time_size<false>>;

  wakeup(loop_executor loop, steady_time deadline) : x_timer(loop, deadline) {}
  wakeup(const wakeup&) = delete;
  wakeup& operator=(const wakeup&) = delete;

  // True if wake() came before the deadline.
  task<bool> wait() {
    if (!x_woken) co_await x_timer.async_wait(as_results);
    co_return x_woken;
  }
  void wake() {
    x_woken = true;
    x_timer.cancel();
  }

 private:
  loop_timer x_timer;
  bool x_woken = false;
};

}  // namespace otpd::net
