#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sms/boot_time.hpp"
#include "sms/breaker_options.hpp"
#include "sms/call_outcome.hpp"
#include "sms/call_window.hpp"

namespace otpd::sms {

enum class breaker_state : std::uint8_t {
  closed,     // everything passes
  half_open,  // the wait is over: a few probes pass
  open,       // nothing passes
};

// Who decides.
enum class breaker_mode : std::uint8_t {
  automatic,      // the outcomes
  forced_open,    // an operator: nothing passes
  forced_closed,  // an operator: everything passes, and outcomes are not counted
};

enum class breaker_reason : std::uint8_t {
  failure_share,         // closed to open: half of the calls failed
  slow_share,            // closed to open: four of five calls were slow
  consecutive_failures,  // closed to open: none of the last calls succeeded
  wait_over,             // open to half-open, as the first probe passes
  probes_succeeded,      // half-open to closed
  probe_failed,          // half-open to open
  probe_lost,            // half-open to open: a probe had no answer in time
  operator_says,         // force()
};

// For log lines and metrics: "half_open", "forced_open", "probe_lost".
[[nodiscard]] std::string_view name_of(breaker_state state) noexcept;
[[nodiscard]] std::string_view name_of(breaker_mode mode) noexcept;
[[nodiscard]] std::string_view name_of(breaker_reason reason) noexcept;

// A transition: one line in the log.
struct breaker_change {
  breaker_state from = breaker_state::closed;
  breaker_state to = breaker_state::closed;
  breaker_reason why = breaker_reason::operator_says;
  milliseconds wait{};  // when it opens: for how long
};

// The transitions of one call, in their order: hardly ever one, at most two.
class breaker_changes {
 public:
  [[nodiscard]] const breaker_change* begin() const noexcept { return changes_.data(); }
  [[nodiscard]] const breaker_change* end() const noexcept { return changes_.data() + size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  void add(const breaker_change& change) noexcept;

 private:
  std::array<breaker_change, 2> changes_{};
  std::size_t size_ = 0;
};

// Leave to make one call. Recorded or given back once; dropped, a probe counts as lost after a while.
struct breaker_permit {
  std::uint64_t generation = 0;
  std::uint64_t probe = 0;  // 0: the breaker was closed
};

struct breaker_admission {
  std::optional<breaker_permit> permit;  // nothing: leave the provider alone
  breaker_changes changes;
};

// Leaves a failing provider alone (RELIABILITY S1): a pure state machine over outcomes, of fixed size, with
// the clock and the random numbers passed in. `random` is uniform in [0,1). A `now` that lies before an
// earlier one counts as that. Not thread-safe.
//
// CLOSED opens when, within 10 s, at least 20 calls were made and half of them failed or four of five were
// slow, or after 5 failures in a row. OPEN waits 5 s at first and twice as long each time, up to 300 s, +-20
// %; each minute spent CLOSED halves the next wait again. A Retry-After since the last success is a lower
// bound of the wait (of an hour at most). HALF-OPEN lets 3 probes pass: 3 successes close, one failure or one
// probe without an answer reopens. Each transition begins a new generation, and results of older ones are
// ignored. A neutral outcome counts nowhere, and a probe's permit then becomes free again.
class circuit_breaker {
 public:
  explicit circuit_breaker(const breaker_options& options = {}) noexcept : options_(options) {}

  // Takes a permit if there is one.
  [[nodiscard]] breaker_admission admit(boot_time now, double random) noexcept;
  // What came of the call.
  [[nodiscard]] breaker_changes record(const breaker_permit& permit, const call_outcome& outcome,
                                       boot_time now, double random) noexcept;
  // False if it has opened since it gave the permit, and is not closed again.
  [[nodiscard]] bool stands(const breaker_permit& permit) const noexcept {
    return permit.generation == generation_ || state_ == breaker_state::closed;
  }
  // Like recording a neutral outcome: the call was not made, or was called off.
  void give_back(const breaker_permit& permit) noexcept;
  // The operator's word; stands until the next. Back to automatic it is CLOSED, with nothing counted yet.
  // A change of mode is a change, also if the state stays; no change if the mode is in force already.
  [[nodiscard]] breaker_changes force(breaker_mode mode, boot_time now) noexcept;

  [[nodiscard]] breaker_mode mode() const noexcept { return mode_; }
  // HALF-OPEN as soon as the wait is over.
  [[nodiscard]] breaker_state state(boot_time now) const noexcept;
  // How long until admit() may say yes; 0: now. While all probes are under way, a second at most: any of them
  // may end at any time. Forced open: longest_wait.
  [[nodiscard]] milliseconds wait(boot_time now) const noexcept;

 private:
  struct probe {
    std::uint64_t number = 0;  // 0: free
    boot_time taken{};
    bool succeeded = false;
  };

  void settle(boot_time now, breaker_changes& changes) noexcept;
  void judge_call(const call_outcome& outcome, double random, breaker_changes& changes) noexcept;
  void judge_probe(const breaker_permit& permit, const call_outcome& outcome, double random,
                   breaker_changes& changes) noexcept;
  void heed_retry_after(const call_outcome& outcome) noexcept;
  void open(boot_time at, double random, breaker_reason why, breaker_changes& changes) noexcept;
  void close(breaker_reason why, breaker_changes& changes) noexcept;
  void enter(breaker_state next, breaker_reason why, milliseconds wait, breaker_changes& changes) noexcept;
  [[nodiscard]] milliseconds base_wait() const noexcept;

  breaker_options options_;
  breaker_mode mode_ = breaker_mode::automatic;
  breaker_state state_ = breaker_state::closed;
  std::uint64_t generation_ = 1;
  boot_time clock_{};  // the latest `now`

  call_window window_;
  std::uint32_t failures_in_a_row_ = 0;
  std::uint32_t openings_ = 0;  // the n of the wait
  boot_time clean_since_{};     // CLOSED: when the minute under way began
  boot_time not_before_{};      // the latest Retry-After

  boot_time until_{};  // OPEN: the end of the wait
  std::array<probe, 3> probes_{};
  std::uint64_t last_probe_ = 0;
  double random_if_lost_ = 0;
};

}  // namespace otpd::sms
