#include "net/client_pool.hpp"

#include <utility>

namespace otpd::net {

struct client_pool::waiter final : wakeup {
  waiter(loop_executor loop, steady_time deadline, lease& to) : wakeup(loop, deadline), out(to) {}
  lease& out;
};

client_pool::lease::~lease() {
  if (x_pool) x_pool->take_back(*this);
}

client_pool::client_pool(loop_executor loop, client_deadlines& watch, bounds limits)
    : x_loop(loop), x_deadlines(watch), x_bounds(limits) {}

client_pool::~client_pool() {
  // Calls that a stopping loop will never resume still hold leases: they must not come back to us.
  x_leases.clear_and_dispose([](lease* each) { each->x_pool = nullptr; });
}

bool client_pool::try_lease(lease& out, std::size_t max_connections) {
  if (x_closed) return false;
  while (!x_idle.empty()) {
    auto connection = std::move(x_idle.back());
    x_idle.pop_back();
    if (connection->is_alive()) {
      hand_out(out, std::move(connection));
      return true;
    }
    --x_slots;
  }
  if (x_slots >= max_connections) return false;
  x_idle.reserve(x_slots + 1);  // so that giving back never throws
  ++x_slots;
  hand_out(out, nullptr);
  return true;
}

task<bool> client_pool::wait_for_lease(lease& out, steady_time deadline) {
  if (x_closed || x_waiting.size() >= x_bounds.waiting) co_return false;
  waiter turn{x_loop, deadline, out};
  x_waiting.push_back(turn);
  co_await turn.wait();
  co_return out.x_pool != nullptr;
}

void client_pool::close() noexcept {
  x_closed = true;
  x_slots -= x_idle.size();
  x_idle.clear();
  while (!x_waiting.empty()) {
    wakeup& first = x_waiting.front();
    x_waiting.pop_front();
    first.wake();
  }
}

void client_pool::hand_out(lease& to, std::unique_ptr<client_connection> connection) noexcept {
  to.x_pool = this;
  to.x_connection = std::move(connection);
  to.x_keep = false;
  x_leases.push_back(to);
}

void client_pool::take_back(lease& from) noexcept {
  x_leases.erase(x_leases.iterator_to(from));
  from.x_pool = nullptr;
  auto connection = from.x_keep && !x_closed ? std::move(from.x_connection) : nullptr;
  if (!x_waiting.empty()) {
    auto& first = static_cast<waiter&>(x_waiting.front());
    x_waiting.pop_front();
    hand_out(first.out, std::move(connection));
    first.wake();
  } else if (connection) {
    x_deadlines.watch(*connection, std::chrono::steady_clock::now() + x_bounds.idle);
    x_idle.push_back(std::move(connection));
  } else {
    --x_slots;
  }
}

}  // namespace otpd::net
