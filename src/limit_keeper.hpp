#pragma once

#include <atomic>
#include <future>

#include "otp/limiter.hpp"
#include "store/engine.hpp"
#include "store/life_clock.hpp"
#include "task.hpp"

namespace otpd {

// The buckets outside the recipients' records: read from the store at the start, written back each second and
// at the end.
class limit_keeper {
 public:
  // Reads the stored buckets. What it is made with outlives it.
  limit_keeper(store::engine& store, const store::life_clock& clock);
  limit_keeper(const limit_keeper&) = delete;
  limit_keeper& operator=(const limit_keeper&) = delete;

  [[nodiscard]] otp::limiter& limiter() noexcept { return limiter_; }

  // Writes each second on `loop`, which runs until stop() has returned.
  void start(loop_executor loop);
  // Writes once more and ends, within some seconds. From any thread but the loop's; start() was called.
  void stop();

 private:
  task<void> run();
  task<void> write_changed();

  store::engine& store_;
  const store::life_clock& clock_;
  otp::limiter limiter_;
  std::atomic<bool> stopping_{false};
  std::future<void> ended_;
};

}  // namespace otpd
