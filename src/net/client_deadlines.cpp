#include "net/client_deadlines.hpp"

#include <algorithm>
#include <utility>

namespace otpd::net {

client_deadlines::client_deadlines(loop_executor loop) : x_timer(loop) {}

void client_deadlines::watch(mortal& what, steady_time at) {
  what.x_deadline = at;
  if (!what.is_linked()) x_watched.push_back(what);
  if (at < x_armed) arm(at);
}

void client_deadlines::rest_if_unused() noexcept {
  if (!x_watched.empty()) return;
  x_armed = steady_time::max();
  x_timer.cancel();
}

void client_deadlines::arm(steady_time at) {
  x_armed = at;
  x_timer.expires_at(at);
  x_timer.async_wait([this, alive = std::weak_ptr<const bool>(x_alive)](const boost::system::error_code& ec) {
    if (!ec && !alive.expired()) sweep();
  });
}

void client_deadlines::sweep() {
  // An earlier timer that was replaced just as it fired ends up here too; then nothing is due yet.
  const steady_time now = std::chrono::steady_clock::now();
  steady_time next = steady_time::max();
  for (mortal& each : x_watched) {
    if (each.x_deadline <= now) {
      each.x_deadline = steady_time::max();
      each.on_deadline();
    }
    next = std::min(next, each.x_deadline);
  }
  x_armed = next;
  if (next != steady_time::max()) arm(next);
}

}  // namespace otpd::net
