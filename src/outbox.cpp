#include "outbox.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace otpd {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
// How soon what waits is looked at again, at most; stop() is noticed as soon.
constexpr std::chrono::milliseconds look(50);
constexpr std::chrono::milliseconds longest_wait(5000);

// Also if a send throws.
struct leaving {
  std::size_t& count;
  ~leaving() { --count; }
};
struct lowered {
  bool& flag;
  ~lowered() { flag = false; }
};

// False: the loop ends.
task<bool> look_again() {
  using timer = asio::basic_waitable_timer<steady_clock, asio::wait_traits<steady_clock>, loop_executor>;
  timer tick(co_await asio::this_coro::executor);
  tick.expires_after(look);
  const auto token = asio::as_tuple(asio::use_awaitable_t<loop_executor>{});
  const std::tuple<boost::system::error_code> waited = co_await tick.async_wait(token);
  co_return !std::get<0>(waited);
}

}  // namespace

outbox::outbox(loop_executor loop, net::task_group::report on_failure)
    : group_(loop, std::move(on_failure)) {}

void outbox::start(otp::verifier& verifier, std::vector<std::string> rows) {
  verifier_ = &verifier;
  if (!rows.empty()) group_.spawn(restore(std::move(rows)));
}

void outbox::add(otp::queued_send what) {
  ready_.push_back(std::move(what));
  go();
}

void outbox::go() {
  count();
  if (stopping_ || ready_.empty() || workers_ == at_once) return;
  ++workers_;
  group_.spawn(work());
}

// More than has_room() allows may come: an earlier process had promised them.
task<void> outbox::restore(std::vector<std::string> rows) {
  for (std::string& each : rows) {
    auto what = co_await verifier_->restore(each);
    while (what.has_error() && !stopping_) {
      if (!co_await look_again()) co_return;
      what = co_await verifier_->restore(each);
    }
    if (stopping_) co_return;
    if (what->has_value()) add(**std::move(what));
  }
}

bool outbox::wait(std::chrono::steady_clock::time_point until) {
  while (!group_.wait_until_empty(std::min(until, steady_clock::now() + look))) {
    if (abandoned_ || steady_clock::now() >= until) return false;
  }
  return true;
}

task<void> outbox::work() {
  const leaving done{workers_};
  while (!stopping_ && !ready_.empty()) {
    otp::queued_send what = std::move(ready_.front());
    ready_.pop_front();
    count();
    const otp::queue_step step = co_await verifier_->send_queued(what);
    if (step.done) continue;
    const auto wait = std::clamp<std::chrono::milliseconds>(step.try_again, look, longest_wait);
    later_.emplace(steady_clock::now() + wait, std::move(what));
    count();
    if (is_waking_) continue;
    is_waking_ = true;
    group_.spawn(wake());
  }
}

task<void> outbox::wake() {
  const lowered done{is_waking_};
  while (!stopping_ && !later_.empty()) {
    if (!co_await look_again()) break;
    const auto due = later_.upper_bound(steady_clock::now());
    std::size_t count_due = 0;
    for (auto each = later_.begin(); each != due; each = later_.erase(each), ++count_due)
      ready_.push_back(std::move(each->second));
    for (; count_due > 0; --count_due)
      go();
  }
}

}  // namespace otpd
