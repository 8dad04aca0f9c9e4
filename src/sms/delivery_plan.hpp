#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "otp/ports.hpp"
#include "sms/boot_time.hpp"
#include "sms/duplicate_budget.hpp"
#include "sms/on_ambiguous.hpp"
#include "sms/provider_health.hpp"

namespace otpd::sms {

struct plan_options {
  boot_time deadline;  // no attempt begins or lasts past it
  sms::on_ambiguous on_ambiguous = sms::on_ambiguous::failover;
  std::optional<std::size_t> avoid;  // a candidate to ask last: who had the message that is sent again
  std::string_view country;          // recipient::country; lives as long as the plan
};

// The way of one message through its candidates (RELIABILITY S2, S3), without I/O, clock or randomness of its
// own. The candidates are the providers of its route in order, named by their index. The shell is a loop:
//
//   delivery_plan plan(route, options, duplicates);
//   for (;;) {
//     const delivery_plan::action step = plan.next(boot_time_now(), random());
//     for (const auto& each : plan.take_changes()) observer.on_breaker(each);
//     attempt: call the provider within `bound`, then report() what came of it
//     pause:   wait for so long
//     done:    leave
//   }
//
// - A candidate whose breaker is open is passed over.
// - Three attempts in all, two on one provider. What fails and certainly was not sent goes to the next
//   candidate at once; bad_number ends it.
// - After an ambiguous failure (`unknown`) that provider is not asked again. Another is, under the policy and
//   while `duplicates` lasts; a second ambiguous failure ends it.
// - With no other candidate left, one that was unavailable or rate_limited is asked a second time: within its
//   retry budget, after a random pause up to 100 ms * 2^k (k retries before; 2 s at most) and after its
//   Retry-After, if that is before the deadline.
//
// next() takes the attempt's permit, report() records it. If the coroutine ends in between, the plan's
// destructor gives the permit back: a call that we call off is not the provider's failure. So the shell keeps
// the plan in the frame of the coroutine that makes the attempt, and reports every end it lives to see; if it
// cancels an attempt that may have been written and goes on, it reports `unknown`.
//
// Not thread-safe: it belongs to one coroutine. Neither copied nor moved.
class delivery_plan {
 public:
  // Call the provider now.
  struct attempt {
    std::size_t candidate = 0;
    milliseconds bound{};  // at least 1 ms: the provider's time-out, or what is left until the deadline
    unsigned number = 1;   // 1..3 within this message
    bool after_ambiguous = false;  // an earlier one may have sent the message already
  };
  // Then ask again.
  struct pause {
    milliseconds length{};  // at least 1 ms
  };
  // The end; next() says the same from then on.
  struct done {
    // none: accepted. `unknown` if any attempt was ambiguous and none succeeded; else what the last one met,
    // or unavailable if nothing was tried.
    otp::failure failure = otp::failure::unavailable;
    std::optional<std::size_t> candidate;  // whose answer that is; nothing if nothing was tried
    bool possible_duplicate = false;       // two attempts may both have sent it
    bool nothing_was_tried = false;        // all were open, the deadline was over, or nothing left us
    milliseconds retry_after{};  // of a failure: how long no candidate will take it, as far as is known
  };
  using action = std::variant<attempt, pause, done>;

  struct outcome {
    otp::failure failure = otp::failure::unknown;
    milliseconds duration{};
    std::optional<milliseconds> retry_after;
    bool begun = true;  // false: it never left us, and says nothing of the provider's health
  };

  // A breaker's transition that a call of this plan brought about.
  struct change {
    std::size_t candidate = 0;
    bool of_country = false;  // of the country's breaker, not of the provider's
    breaker_change what;
  };

  // The candidates' health and `duplicates` outlive the plan, the span need not. Without candidates the plan
  // is done: misconfigured.
  delivery_plan(std::span<provider_health* const> candidates, const plan_options& options,
                duplicate_budget& duplicates);
  ~delivery_plan();
  delivery_plan(const delivery_plan&) = delete;
  delivery_plan& operator=(const delivery_plan&) = delete;

  // Not while an attempt is under way. `random` is uniform in [0,1).
  [[nodiscard]] action next(boot_time now, double random);
  // Of the attempt under way, if it has to wait before it can begin: false once the provider is to be left
  // alone. It shall not begin then, but be reported as not begun.
  [[nodiscard]] bool still_wanted() const;
  // Of the attempt under way: exactly one report for each.
  void report(const outcome& what, boot_time now, double random);
  // Those since the last time, in their order.
  [[nodiscard]] std::vector<change> take_changes() noexcept;

 private:
  struct stop {
    provider_health* health = nullptr;
    std::size_t candidate = 0;
    unsigned attempts = 0;
    bool repeatable = false;  // it may be asked a second time
    bool is_free = false;     // because the first time nothing left us
    boot_time not_before{};   // by its Retry-After
  };

  [[nodiscard]] bool may_go_on(boot_time now);
  [[nodiscard]] std::optional<action> try_fresh(boot_time now, double random);
  [[nodiscard]] std::optional<action> try_again(boot_time now, double random);
  [[nodiscard]] bool plan_repeat(stop& at, boot_time now, double random);
  [[nodiscard]] std::optional<action> begin(stop& at, boot_time now, double random);
  [[nodiscard]] action finish(boot_time now);
  [[nodiscard]] milliseconds retry_after(boot_time now) const;
  void note(const stop& at, const health_changes& changes);

  plan_options options_;
  duplicate_budget& duplicates_;
  std::vector<stop> stops_;  // in the order of asking
  std::vector<change> changes_;

  stop* current_ = nullptr;  // whose attempt is under way
  health_permit permit_;
  stop* repeating_ = nullptr;  // whose second attempt is paid for and waits until `repeat_at_`
  boot_time repeat_at_{};

  unsigned attempts_ = 0;
  bool begun_ = false;    // one of them has left us
  bool counted_ = false;  // for the budget of duplicates
  unsigned retries_ = 0;
  unsigned ambiguous_ = 0;      // attempts that may have sent it
  bool failover_paid_ = false;  // by the budget of duplicates
  bool failover_used_ = false;
  bool settled_ = false;  // nobody else is to be asked
  done result_;
  bool finished_ = false;
};

}  // namespace otpd::sms
