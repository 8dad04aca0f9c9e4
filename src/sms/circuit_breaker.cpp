#include "sms/circuit_breaker.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace otpd::sms {

namespace {

using namespace std::chrono_literals;

constexpr milliseconds clean_period = 1min;
constexpr milliseconds longest_retry_after = 1h;
constexpr milliseconds probes_under_way = 1s;

}  // namespace

void breaker_changes::add(const breaker_change& change) noexcept {
  assert(size_ < changes_.size());
  changes_[size_++] = change;
}

breaker_admission circuit_breaker::admit(boot_time now, double random) noexcept {
  breaker_admission out;
  settle(now, out.changes);
  if (mode_ == breaker_mode::forced_open) return out;
  if (state_ == breaker_state::closed) {
    out.permit = breaker_permit{generation_, 0};
    return out;
  }
  if (state_ == breaker_state::open) {
    if (clock_ < until_) return out;
    probes_ = {};
    enter(breaker_state::half_open, breaker_reason::wait_over, {}, out.changes);
  }
  const auto free =
      std::find_if(probes_.begin(), probes_.end(), [](const probe& p) { return p.number == 0; });
  if (free == probes_.end()) return out;
  *free = {++last_probe_, clock_, false};
  random_if_lost_ = random;
  out.permit = breaker_permit{generation_, free->number};
  return out;
}

breaker_changes circuit_breaker::record(const breaker_permit& permit, const call_outcome& outcome,
                                        boot_time now, double random) noexcept {
  breaker_changes changes;
  settle(now, changes);
  if (permit.generation != generation_ || mode_ != breaker_mode::automatic) return changes;
  if (outcome.result == call_result::neutral) {
    give_back(permit);
    return changes;
  }
  if (state_ == breaker_state::closed) {
    judge_call(outcome, random, changes);
  } else {
    judge_probe(permit, outcome, random, changes);
  }
  return changes;
}

void circuit_breaker::give_back(const breaker_permit& permit) noexcept {
  if (permit.generation != generation_ || permit.probe == 0) return;
  for (probe& each : probes_)
    if (each.number == permit.probe && !each.succeeded) each = {};
}

breaker_changes circuit_breaker::force(breaker_mode mode, boot_time now) noexcept {
  breaker_changes changes;
  if (mode == mode_) return changes;
  settle(now, changes);
  mode_ = mode;
  if (mode == breaker_mode::forced_open) {
    enter(breaker_state::open, breaker_reason::operator_says, {}, changes);
  } else {
    close(breaker_reason::operator_says, changes);
  }
  return changes;
}

breaker_state circuit_breaker::state(boot_time now) const noexcept {
  circuit_breaker then = *this;
  breaker_changes unreported;
  then.settle(now, unreported);
  if (then.mode_ == breaker_mode::automatic && then.state_ == breaker_state::open &&
      then.clock_ >= then.until_)
    return breaker_state::half_open;
  return then.state_;
}

milliseconds circuit_breaker::wait(boot_time now) const noexcept {
  if (mode_ == breaker_mode::forced_open) return options_.longest_wait;
  circuit_breaker then = *this;
  breaker_changes unreported;
  then.settle(now, unreported);
  if (then.state_ == breaker_state::closed) return 0ms;
  if (then.state_ == breaker_state::open) return std::max(then.until_ - then.clock_, milliseconds{0});
  milliseconds longest = probes_under_way;
  for (const probe& each : then.probes_) {
    if (each.number == 0) return 0ms;
    if (!each.succeeded) longest = std::min(longest, each.taken + 2 * options_.call_timeout - then.clock_);
  }
  return longest;
}

// Lets pass what time alone does. A lost probe reopened the breaker when its time was up, not when somebody
// looks: else the first message after a quiet hour would find it freshly open.
void circuit_breaker::settle(boot_time now, breaker_changes& changes) noexcept {
  clock_ = std::max(clock_, now);
  if (state_ == breaker_state::half_open) {
    std::optional<boot_time> lost;
    for (const probe& each : probes_) {
      const boot_time due = each.taken + 2 * options_.call_timeout;
      if (each.number != 0 && !each.succeeded && due <= clock_) lost = std::min(lost.value_or(due), due);
    }
    if (lost) open(*lost, random_if_lost_, breaker_reason::probe_lost, changes);
  }
  while (state_ == breaker_state::closed && openings_ > 0 && clock_ - clean_since_ >= clean_period) {
    --openings_;
    clean_since_ += clean_period;
  }
}

void circuit_breaker::judge_call(const call_outcome& outcome, double random,
                                 breaker_changes& changes) noexcept {
  const bool failed = outcome.result == call_result::failure;
  heed_retry_after(outcome);
  window_.add(clock_, failed, outcome.duration > options_.slow);
  failures_in_a_row_ = failed ? failures_in_a_row_ + 1 : 0;

  const call_window::counts recent = window_.total(clock_);
  if (failures_in_a_row_ >= options_.consecutive_failures) {
    open(clock_, random, breaker_reason::consecutive_failures, changes);
  } else if (recent.calls < options_.minimum_calls) {
    return;
  } else if (recent.failing(options_.failure_percent)) {
    open(clock_, random, breaker_reason::failure_share, changes);
  } else if (recent.slow_at(options_.slow_percent)) {
    open(clock_, random, breaker_reason::slow_share, changes);
  }
}

void circuit_breaker::judge_probe(const breaker_permit& permit, const call_outcome& outcome, double random,
                                  breaker_changes& changes) noexcept {
  const auto found = std::find_if(probes_.begin(), probes_.end(),
                                  [&](const probe& p) { return p.number == permit.probe && !p.succeeded; });
  if (permit.probe == 0 || found == probes_.end()) return;
  heed_retry_after(outcome);
  if (outcome.result == call_result::failure)
    return open(clock_, random, breaker_reason::probe_failed, changes);
  found->succeeded = true;
  if (std::all_of(probes_.begin(), probes_.end(), [](const probe& p) { return p.succeeded; }))
    close(breaker_reason::probes_succeeded, changes);
}

void circuit_breaker::heed_retry_after(const call_outcome& outcome) noexcept {
  if (outcome.result == call_result::success) {
    not_before_ = {};
  } else if (outcome.retry_after) {
    not_before_ = std::max(not_before_, clock_ + std::min(*outcome.retry_after, longest_retry_after));
  }
}

void circuit_breaker::open(boot_time at, double random, breaker_reason why,
                           breaker_changes& changes) noexcept {
  // Counting on past the longest wait would only make the way back longer.
  if (openings_ == 0 || base_wait() < options_.longest_wait) ++openings_;
  const double jitter = 0.8 + 0.4 * std::clamp(random, 0.0, 1.0);
  const milliseconds wait{std::llround(static_cast<double>(base_wait().count()) * jitter)};
  until_ = std::max(at + wait, not_before_);
  enter(breaker_state::open, why, until_ - at, changes);
}

void circuit_breaker::close(breaker_reason why, breaker_changes& changes) noexcept {
  window_.clear();
  failures_in_a_row_ = 0;
  not_before_ = {};
  clean_since_ = clock_;
  enter(breaker_state::closed, why, {}, changes);
}

void circuit_breaker::enter(breaker_state next, breaker_reason why, milliseconds wait,
                            breaker_changes& changes) noexcept {
  changes.add({state_, next, why, wait});
  state_ = next;
  ++generation_;
}

// 5 s * 2^(n-1) up to the longest.
milliseconds circuit_breaker::base_wait() const noexcept {
  milliseconds out = options_.first_wait;
  for (std::uint32_t i = 1; i < openings_ && out < options_.longest_wait; ++i)
    out *= 2;
  return std::min(out, options_.longest_wait);
}

}  // namespace otpd::sms
