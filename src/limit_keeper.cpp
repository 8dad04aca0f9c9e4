#include "limit_keeper.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <cstring>

namespace otpd {

namespace {

namespace asio = boost::asio;
constexpr std::size_t slots = 1 << 17;
constexpr std::size_t most_at_once = 20'000;
constexpr auto interval = std::chrono::seconds(1);
constexpr auto look = std::chrono::milliseconds(50);  // how soon stop() is noticed

// Writes buckets that live in memory to the store; the first key stands for the group.
class limits_step final : public otp::transition {
 public:
  explicit limits_step(std::vector<otp::limiter::stored> changed) : changed_(std::move(changed)) {}

  void apply(std::optional<std::string_view>, otp::write_set& out) override {
    for (const auto& each : changed_) {
      const std::int64_t arrival = each.state.theoretical_arrival_us();
      std::string value(sizeof arrival, '\0');
      std::memcpy(value.data(), &arrival, sizeof arrival);
      out.put(each.key, std::move(value), each.state.full_at());
    }
  }

 private:
  std::vector<otp::limiter::stored> changed_;
};

}  // namespace

limit_keeper::limit_keeper(store::engine& store, const store::life_clock& clock)
    : store_(store), clock_(clock), limiter_(slots) {
  store_.scan(otp::table::limits, [this](std::string_view key, std::string_view value) {
    otp::record_key name{otp::table::limits, {}};
    std::int64_t arrival = 0;
    if (key.size() != name.bytes.size() || value.size() != sizeof arrival) return;
    std::memcpy(name.bytes.data(), key.data(), key.size());
    std::memcpy(&arrival, value.data(), sizeof arrival);
    limiter_.restore(name, otp::bucket(arrival));
  });
}

void limit_keeper::start(loop_executor loop) {
  ended_ = asio::co_spawn(loop, run(), asio::use_future);
}

void limit_keeper::stop() {
  constexpr auto bound = std::chrono::seconds(5);
  stopping_ = true;
  ended_.wait_for(bound);
}

task<void> limit_keeper::run() {
  using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                           asio::wait_traits<std::chrono::steady_clock>, loop_executor>;
  timer tick(co_await asio::this_coro::executor);
  auto next = std::chrono::steady_clock::now() + interval;
  while (!stopping_) {
    tick.expires_after(look);
    const auto token = asio::as_tuple(asio::use_awaitable_t<loop_executor>{});
    const std::tuple<boost::system::error_code> waited = co_await tick.async_wait(token);
    if (std::get<0>(waited)) co_return;
    if (std::chrono::steady_clock::now() < next) continue;
    next += interval;
    co_await write_changed();
  }
  co_await write_changed();
}

task<void> limit_keeper::write_changed() {
  auto changed = limiter_.take_changed(clock_.now().now + 2 * interval, most_at_once);
  if (changed.empty()) co_return;
  const otp::record_key first = changed.front().key;
  limits_step step(std::move(changed));
  // If it fails, the store says so by itself, and the buckets still count in memory.
  const auto stored = co_await store_.update(first, step);
  static_cast<void>(stored);
}

}  // namespace otpd
