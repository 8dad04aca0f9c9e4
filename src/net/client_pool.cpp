#include "net/client_pool.hpp"

#include <utility>

namespace otpd::net {

struct client_pool::waiter final : wakeup {
  waiter(loop_executor loop, steady_time deadline, lease& to) : wakeup(loop, deadline), out(to) {}
  lease& out;
};

client_pool::lease::~lease() {
  if (pool_) pool_->take_back(*this);
}

client_pool::client_pool(loop_executor loop, client_deadlines& watch, bounds limits)
    : loop_(loop), deadlines_(watch), bounds_(limits) {}

client_pool::~client_pool() {
  // Calls that a stopping loop will never resume still hold leases: they must not come back to us.
  leases_.clear_and_dispose([](lease* each) { each->pool_ = nullptr; });
}

bool client_pool::try_lease(lease& out, std::size_t max_connections) {
  if (closed_) return false;
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->is_alive()) {
      hand_out(out, std::move(connection));
      return true;
    }
    --slots_;
  }
  if (slots_ >= max_connections) return false;
  idle_.reserve(slots_ + 1);  // so that giving back never throws
  ++slots_;
  hand_out(out, nullptr);
  return true;
}

task<bool> client_pool::wait_for_lease(lease& out, steady_time deadline) {
  if (closed_ || waiting_.size() >= bounds_.waiting) co_return false;
  waiter turn{loop_, deadline, out};
  waiting_.push_back(turn);
  co_await turn.wait();
  co_return out.pool_ != nullptr;
}

void client_pool::close() noexcept {
  closed_ = true;
  slots_ -= idle_.size();
  idle_.clear();
  while (!waiting_.empty()) {
    wakeup& first = waiting_.front();
    waiting_.pop_front();
    first.wake();
  }
}

void client_pool::hand_out(lease& to, std::unique_ptr<client_connection> connection) noexcept {
  to.pool_ = this;
  to.connection_ = std::move(connection);
  to.keep_ = false;
  leases_.push_back(to);
}

void client_pool::take_back(lease& from) noexcept {
  leases_.erase(leases_.iterator_to(from));
  from.pool_ = nullptr;
  auto connection = from.keep_ && !closed_ ? std::move(from.connection_) : nullptr;
  if (!waiting_.empty()) {
    auto& first = static_cast<waiter&>(waiting_.front());
    waiting_.pop_front();
    hand_out(first.out, std::move(connection));
    first.wake();
  } else if (connection) {
    deadlines_.watch(*connection, std::chrono::steady_clock::now() + bounds_.idle);
    idle_.push_back(std::move(connection));
  } else {
    --slots_;
  }
}

}  // namespace otpd::net
