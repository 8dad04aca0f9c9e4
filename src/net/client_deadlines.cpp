#include "net/client_deadlines.hpp"

#include <algorithm>
#include <utility>

namespace otpd::net {

client_deadlines::client_deadlines(loop_executor loop) : timer_(loop) {}

void client_deadlines::watch(mortal& what, steady_time at) {
  what.deadline_ = at;
  if (!what.is_linked()) watched_.push_back(what);
  if (at < armed_) arm(at);
}

void client_deadlines::rest_if_unused() noexcept {
  if (!watched_.empty()) return;
  armed_ = steady_time::max();
  timer_.cancel();
}

void client_deadlines::arm(steady_time at) {
  armed_ = at;
  timer_.expires_at(at);
  timer_.async_wait([this, alive = std::weak_ptr<const bool>(alive_)](const boost::system::error_code& ec) {
    if (!ec && !alive.expired()) sweep();
  });
}

void client_deadlines::sweep() {
  // An earlier timer that was replaced just as it fired ends up here too; then nothing is due yet.
  const steady_time now = std::chrono::steady_clock::now();
  steady_time next = steady_time::max();
  for (mortal& each : watched_) {
    if (each.deadline_ <= now) {
      each.deadline_ = steady_time::max();
      each.on_deadline();
    }
    next = std::min(next, each.deadline_);
  }
  armed_ = next;
  if (next != steady_time::max()) arm(next);
}

}  // namespace otpd::net
