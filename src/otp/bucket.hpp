#pragma once

#include <cstdint>
#include <optional>

#include "otp/time.hpp"

namespace otpd::otp {

// At most `count` in any burst, refilled evenly over `window`: "5/10m" is five at once, then one every two
// minutes.
struct rate {
  std::uint32_t count = 1;    // 1..10^9
  milliseconds window{1000};  // 1 ms..400 days

  [[nodiscard]] constexpr bool operator==(const rate&) const = default;
};

// A token bucket as the Generic Cell Rate Algorithm (ATM Forum TM 4.0, 4.4.2): its whole state is the
// theoretical arrival time of the next request, so nothing refills it in the background and the wait is
// exact.
class bucket {
 public:
  constexpr bucket() = default;  // full
  constexpr explicit bucket(std::int64_t theoretical_arrival_us) : arrival_us_(theoretical_arrival_us) {}

  // Takes one. Nothing: taken. Else how long to wait for one, at least 1 ms; then the bucket is unchanged.
  [[nodiscard]] constexpr std::optional<milliseconds> take(instant now, const rate& limit);
  // Like take(), but takes nothing.
  [[nodiscard]] constexpr std::optional<milliseconds> wait(instant now, const rate& limit) const;
  // Gives one back that take() took.
  constexpr void give_back(const rate& limit) { arrival_us_ -= interval_us(limit); }
  // How many could be taken at once now.
  [[nodiscard]] constexpr std::uint32_t available(instant now, const rate& limit) const;
  // True if it is indistinguishable from a full one, so its state need not be kept.
  [[nodiscard]] constexpr bool is_full(instant now) const { return arrival_us_ <= micros(now); }
  // When it will be full if nothing is taken any more.
  [[nodiscard]] constexpr instant full_at() const {
    return instant{milliseconds{(arrival_us_ + 999) / 1000}};
  }
  [[nodiscard]] constexpr bool operator==(const bucket&) const = default;
  // The stored form: microseconds on the life clock.
  [[nodiscard]] constexpr std::int64_t theoretical_arrival_us() const { return arrival_us_; }

 private:
  [[nodiscard]] static constexpr std::int64_t micros(instant t) {
    return t.time_since_epoch().count() * 1000;
  }
  // Microseconds, so that a thousand a second and more keep their rate.
  [[nodiscard]] static constexpr std::int64_t interval_us(const rate& limit) {
    const std::int64_t interval = limit.window.count() * 1000 / limit.count;
    return interval > 0 ? interval : 1;
  }

  std::int64_t arrival_us_ = 0;
};

constexpr std::optional<milliseconds> bucket::wait(instant now, const rate& limit) const {
  const std::int64_t interval = interval_us(limit);
  const std::int64_t arrival = arrival_us_ > micros(now) ? arrival_us_ : micros(now);
  const std::int64_t excess = arrival + interval - micros(now) - interval * limit.count;
  if (excess <= 0) return std::nullopt;
  return milliseconds{(excess + 999) / 1000};
}

constexpr std::optional<milliseconds> bucket::take(instant now, const rate& limit) {
  if (const auto excess = wait(now, limit)) return excess;
  arrival_us_ = (arrival_us_ > micros(now) ? arrival_us_ : micros(now)) + interval_us(limit);
  return std::nullopt;
}

constexpr std::uint32_t bucket::available(instant now, const rate& limit) const {
  const std::int64_t interval = interval_us(limit);
  const std::int64_t used = arrival_us_ > micros(now) ? arrival_us_ - micros(now) : 0;
  const std::int64_t free = interval * limit.count - used;
  return free <= 0 ? 0 : static_cast<std::uint32_t>(free / interval);
}

}  // namespace otpd::otp
