#include "store/life_clock.hpp"

#include <time.h>

#include <algorithm>

namespace otpd::store {

namespace {
constexpr std::int64_t hour_ms = 3'600'000;

std::int64_t read_ms(clockid_t id) noexcept {
  timespec now{};
  ::clock_gettime(id, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}
}  // namespace

std::int64_t system_time::wall_ms() const noexcept {
  return read_ms(CLOCK_REALTIME);
}
std::int64_t system_time::boot_ms() const noexcept {
  return read_ms(CLOCK_BOOTTIME);
}

void life_clock::start(otp::instant mark, bool confirmed, bool was_suspect) {
  const std::int64_t seen = mark.time_since_epoch().count();
  const std::int64_t wall = source_.wall_ms();
  // Past the mark, so that a moment tells an earlier process from this one.
  const std::int64_t life = std::max(wall, seen + 1);
  offset_ms_ = life - source_.boot_ms();
  started_ms_ = life;
  suspect_ = !confirmed && seen != 0 && (was_suspect || wall > seen + hour_ms);
}

void life_clock::restart() {
  started_ms_ = now().now.time_since_epoch().count() + 1;
}

otp::moment life_clock::now() const {
  const std::int64_t life = source_.boot_ms() + offset_ms_.load(std::memory_order_relaxed);
  return {otp::instant{otp::milliseconds{life}}, epoch_.load(std::memory_order_relaxed),
          otp::instant{otp::milliseconds{started_ms_.load(std::memory_order_relaxed)}}};
}

otp::instant life_clock::collectable_before() const {
  if (is_suspect()) return otp::instant::min();
  const std::int64_t life = now().now.time_since_epoch().count();
  return otp::instant{otp::milliseconds{std::min(life, source_.wall_ms()) - hour_ms}};
}

std::int64_t life_clock::wall_ms(otp::instant when) const {
  return source_.wall_ms() + (when - now().now).count();
}

}  // namespace otpd::store
