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
    : x_clock(std::move(clock)), x_timer(std::move(executor)) {}

void deadlines::add(timed& member) noexcept {
  member.x_next = x_first;
  if (x_first != nullptr) x_first->x_previous = &member;
  x_first = &member;
}

void deadlines::remove(timed& member) noexcept {
  if (member.x_next != nullptr) member.x_next->x_previous = member.x_previous;
  (member.x_previous != nullptr ? member.x_previous->x_next : x_first) = member.x_next;
  member.x_previous = member.x_next = nullptr;
  if (x_winding_down && x_first == nullptr) x_timer.cancel();
}

task<void> deadlines::run() {
  while (!x_winding_down || x_first != nullptr) {
    x_timer.expires_after(sweep_interval);
    [[maybe_unused]] const auto [cancelled] =
        co_await x_timer.async_wait(boost::asio::as_tuple(boost::asio::deferred));
    sweep();
  }
}

void deadlines::sweep() {
  const auto moment = now();
  if (moment >= x_end) {
    x_end = std::chrono::nanoseconds::max();
    for_each([](timed& m) { m.abort(); });
    return;
  }
  for_each([moment](timed& m) {
    if (m.x_moment > moment) return;
    m.never_expire();
    m.expire();
  });
}

void deadlines::wind_down(std::chrono::nanoseconds bound) {
  x_winding_down = true;
  x_end = now() + bound;
  for_each([](timed& m) { m.wind_down(); });
  if (x_first == nullptr) x_timer.cancel();
}

}  // namespace otpd::net
