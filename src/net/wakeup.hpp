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

  wakeup(loop_executor loop, steady_time deadline) : timer_(loop, deadline) {}
  wakeup(const wakeup&) = delete;
  wakeup& operator=(const wakeup&) = delete;

  // True if wake() came before the deadline.
  task<bool> wait() {
    if (!woken_) co_await timer_.async_wait(as_results);
    co_return woken_;
  }
  void wake() {
    woken_ = true;
    timer_.cancel();
  }

 private:
  loop_timer timer_;
  bool woken_ = false;
};

}  // namespace otpd::net
