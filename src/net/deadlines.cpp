#include "net/deadlines.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <ctime>
#include <utility>

namespace otpd::net {
namespace {

constexpr std::chrono::milliseconds sweep_interval{100};

}  // namespace

std::chrono::nanoseconds boot_time() noexcept {
  timespec t{};
  clock_gettime(CLOCK_BOOTTIME, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

deadlines::deadlines(loop_executor executor, clock_function clock)
    : clock_(std::move(clock)), timer_(std::move(executor)) {}

void deadlines::add(timed& member) noexcept {
  member.next_ = first_;
  if (first_ != nullptr) first_->previous_ = &member;
  first_ = &member;
}

void deadlines::remove(timed& member) noexcept {
  if (member.next_ != nullptr) member.next_->previous_ = member.previous_;
  (member.previous_ != nullptr ? member.previous_->next_ : first_) = member.next_;
  member.previous_ = member.next_ = nullptr;
  if (winding_down_ && first_ == nullptr) timer_.cancel();
}

task<void> deadlines::run() {
  while (!winding_down_ || first_ != nullptr) {
    timer_.expires_after(sweep_interval);
    [[maybe_unused]] const auto [cancelled] =
        co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
    sweep();
  }
}

void deadlines::sweep() {
  const auto moment = now();
  if (moment >= end_) {
    end_ = std::chrono::nanoseconds::max();
    for_each([](timed& m) { m.abort(); });
    return;
  }
  for_each([moment](timed& m) {
    if (m.moment_ > moment) return;
    m.never_expire();
    m.expire();
  });
}

void deadlines::wind_down(std::chrono::nanoseconds bound) {
  winding_down_ = true;
  end_ = now() + bound;
  for_each([](timed& m) { m.wind_down(); });
  if (first_ == nullptr) timer_.cancel();
}

}  // namespace otpd::net
