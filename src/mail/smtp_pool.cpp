#include "mail/smtp_pool.hpp"

#include <utility>

namespace otpd::mail {

struct smtp_pool::waiter final : net::wakeup {
  waiter(loop_executor loop, net::steady_time deadline, lease& to) : wakeup(loop, deadline), out(to) {}
  lease& out;
};

smtp_pool::lease::~lease() {
  if (pool_) pool_->take_back(*this);
}

smtp_pool::smtp_pool(loop_executor loop, net::client_deadlines& deadlines, bounds limits)
    : loop_(loop), deadlines_(deadlines), bounds_(limits) {
  idle_.reserve(bounds_.connections);  // so that giving back never throws
}

smtp_pool::~smtp_pool() {
  // Tasks that a stopping loop will never resume still hold leases: they must not come back to us.
  leases_.clear_and_dispose([](lease* each) { each->pool_ = nullptr; });
}

task<bool> smtp_pool::take(lease& out, net::steady_time deadline) {
  if (closed_) co_return false;
  if (try_take(out)) co_return true;
  if (waiting_.size() >= bounds_.waiting) co_return false;
  waiter turn{loop_, deadline, out};
  waiting_.push_back(turn);
  co_await turn.wait();
  co_return out.pool_ != nullptr;
}

bool smtp_pool::try_take(lease& out) {
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->is_alive()) {
      hand_out(out, std::move(connection));
      return true;
    }
    --slots_;
  }
  if (slots_ >= bounds_.connections) return false;
  ++slots_;
  hand_out(out, nullptr);
  return true;
}

void smtp_pool::close() noexcept {
  closed_ = true;
  slots_ -= idle_.size();
  for (const auto& each : idle_)
    each->quit();
  idle_.clear();
  while (!waiting_.empty()) {
    net::wakeup& first = waiting_.front();
    waiting_.pop_front();
    first.wake();
  }
}

void smtp_pool::hand_out(lease& to, std::unique_ptr<smtp_connection> connection) noexcept {
  to.pool_ = this;
  to.connection_ = std::move(connection);
  leases_.push_back(to);
}

void smtp_pool::take_back(lease& from) noexcept {
  leases_.erase(leases_.iterator_to(from));
  from.pool_ = nullptr;
  auto connection = std::move(from.connection_);
  if (connection && (closed_ || !connection->reusable())) {
    if (connection->reusable()) connection->quit();
    connection.reset();
  }
  if (!waiting_.empty()) {
    auto& first = static_cast<waiter&>(waiting_.front());
    waiting_.pop_front();
    hand_out(first.out, std::move(connection));
    first.wake();
  } else if (connection) {
    connection->rest();
    deadlines_.watch(*connection, std::chrono::steady_clock::now() + bounds_.idle);
    idle_.push_back(std::move(connection));
  } else {
    --slots_;
  }
}

}  // namespace otpd::mail
