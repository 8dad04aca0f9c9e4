#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "otp/ports.hpp"

namespace otpd::store {

// Where time comes from; a test gives its own.
class time_source {
 public:
  virtual ~time_source() = default;
  // Milliseconds since the Unix epoch; may jump.
  [[nodiscard]] virtual std::int64_t wall_ms() const noexcept = 0;
  // Milliseconds since boot, suspend included (CLOCK_BOOTTIME); never jumps.
  [[nodiscard]] virtual std::int64_t boot_ms() const noexcept = 0;
};

class system_time final : public time_source {
 public:
  [[nodiscard]] std::int64_t wall_ms() const noexcept override;
  [[nodiscard]] std::int64_t boot_ms() const noexcept override;
};

// The clock that stored expiries are read against (RELIABILITY S7). It starts at the wall clock, but after
// the last moment the store has seen, and from then on counts real time: a wall clock set back extends no
// code, one set forward ends none while the process runs. Thread-safe after start().
class life_clock final : public otp::clock {
 public:
  // Suspect until it is started: compactions begin before the store's mark is read.
  explicit life_clock(const time_source& source) : source_(source) {
    start(otp::instant{}, true);
    suspect_ = true;
  }

  // Fixes the start. `mark` is the latest moment the store has seen (0: a new store). If the wall clock is
  // more than an hour past it, or `was_suspect` before, and nobody has `confirmed` it, the clock is suspect:
  // nothing is collected.
  void start(otp::instant mark, bool confirmed, bool was_suspect = false);

  // The store was closed in between: what was begun before has no outcome any more (otp::moment::started).
  void restart();

  [[nodiscard]] otp::moment now() const override;
  // Records that expired before this may be deleted: an hour behind both clocks, or nothing at all while
  // suspect.
  [[nodiscard]] otp::instant collectable_before() const;
  [[nodiscard]] bool is_suspect() const { return suspect_.load(std::memory_order_relaxed); }
  void set_epoch(std::uint32_t epoch) { epoch_.store(epoch, std::memory_order_relaxed); }
  // The wall-clock time, in milliseconds since the Unix epoch, at which the life clock will show `when`.
  [[nodiscard]] std::int64_t wall_ms(otp::instant when) const;

 private:
  const time_source& source_;
  std::atomic<std::int64_t> offset_ms_{0};  // life - boot
  std::atomic<std::int64_t> started_ms_{0};
  std::atomic<bool> suspect_{false};
  std::atomic<std::uint32_t> epoch_{0};
};

}  // namespace otpd::store
