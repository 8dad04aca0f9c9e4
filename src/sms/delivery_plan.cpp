#include "sms/delivery_plan.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace otpd::sms {

using namespace std::chrono_literals;

namespace {

constexpr unsigned most_attempts = 3;
constexpr unsigned most_attempts_on_one = 2;
constexpr milliseconds first_pause = 100ms;
constexpr milliseconds longest_pause = 2s;
// Far past any deadline, so that sums stay sums.
constexpr milliseconds longest_retry_after = 1h;

milliseconds full_jitter(unsigned retries, double random) noexcept {
  const milliseconds most = std::min(longest_pause, first_pause * (1 << std::min(retries, 10U)));
  return milliseconds{
      static_cast<std::int64_t>(static_cast<double>(most.count()) * std::clamp(random, 0.0, 1.0))};
}

}  // namespace

delivery_plan::delivery_plan(std::span<provider_health* const> candidates, const plan_options& options,
                             duplicate_budget& duplicates)
    : options_(options), duplicates_(duplicates) {
  stops_.reserve(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i)
    stops_.push_back({.health = candidates[i], .candidate = i});
  if (options.avoid && *options.avoid < stops_.size()) {
    const auto avoided = stops_.begin() + static_cast<std::ptrdiff_t>(*options.avoid);
    std::rotate(avoided, avoided + 1, stops_.end());
  }
}

delivery_plan::~delivery_plan() {
  if (current_) current_->health->give_back(permit_);
}

delivery_plan::action delivery_plan::next(boot_time now, double random) {
  assert(!current_);
  if (finished_) return result_;
  if (!may_go_on(now)) return finish(now);
  if (auto step = try_fresh(now, random)) return *step;
  if (auto step = try_again(now, random)) return *step;
  return finish(now);
}

bool delivery_plan::may_go_on(boot_time now) {
  if (settled_ || attempts_ == most_attempts || now >= options_.deadline) return false;
  if (ambiguous_ == 0 || failover_paid_) return true;
  failover_paid_ = options_.on_ambiguous == on_ambiguous::failover && duplicates_.take();
  return failover_paid_;
}

std::optional<delivery_plan::action> delivery_plan::try_fresh(boot_time now, double random) {
  for (stop& each : stops_) {
    if (each.attempts > 0) continue;
    if (auto step = begin(each, now, random)) {
      each.health->count_first_attempt();
      return step;
    }
  }
  return std::nullopt;
}

std::optional<delivery_plan::action> delivery_plan::try_again(boot_time now, double random) {
  for (stop& each : stops_) {
    if (!each.repeatable || (repeating_ != &each && !plan_repeat(each, now, random))) continue;
    if (repeat_at_ > now) return pause{repeat_at_ - now};
    each.repeatable = false;
    repeating_ = nullptr;
    if (auto step = begin(each, now, random)) return step;
  }
  return std::nullopt;
}

bool delivery_plan::plan_repeat(stop& at, boot_time now, double random) {
  const boot_time begins = std::max(now + full_jitter(retries_, random), at.not_before);
  if (begins >= options_.deadline || at.health->wait(options_.country, now) > 0ms) return false;
  if (!at.is_free && !at.health->take_retry(retry_cost::refused, now)) return false;
  ++retries_;
  repeating_ = &at;
  repeat_at_ = begins;
  return true;
}

std::optional<delivery_plan::action> delivery_plan::begin(stop& at, boot_time now, double random) {
  const health_admission admission = at.health->admit(options_.country, now, random);
  note(at, admission.changes);
  if (!admission.permit) return std::nullopt;
  permit_ = *admission.permit;
  current_ = &at;
  ++at.attempts;
  ++attempts_;
  if (!std::exchange(counted_, true)) duplicates_.count_message();
  failover_used_ = failover_used_ || ambiguous_ > 0;
  return attempt{.candidate = at.candidate,
                 .bound = std::min(at.health->call_timeout(), options_.deadline - now),
                 .number = attempts_,
                 .after_ambiguous = ambiguous_ > 0};
}

bool delivery_plan::still_wanted() const {
  return current_ == nullptr || current_->health->stands(permit_);
}

void delivery_plan::report(const outcome& what, boot_time now, double random) {
  assert(current_);
  stop& at = *std::exchange(current_, nullptr);
  const call_result result = what.begun ? counts_as(what.failure) : call_result::neutral;
  note(at, at.health->record(permit_, {result, what.duration, what.retry_after}, now, random));

  if (!what.begun) {
    // Our own doing: it costs no attempt, and while there is time it is made again, after the others.
    --attempts_;
    at.repeatable = true;
    at.is_free = true;
    const auto here = stops_.begin() + (&at - stops_.data());
    std::rotate(here, here + 1, stops_.end());
    return;
  }
  begun_ = true;
  at.is_free = false;
  const bool may_have_sent = what.failure == otp::failure::none || what.failure == otp::failure::unknown;
  result_.possible_duplicate = result_.possible_duplicate || (may_have_sent && ambiguous_ > 0);
  if (may_have_sent || ambiguous_ == 0) {
    result_.failure = what.failure;
    result_.candidate = at.candidate;
  }
  switch (what.failure) {
    case otp::failure::none:
    case otp::failure::bad_number:
      settled_ = true;
      break;
    case otp::failure::unknown:
      settled_ = ++ambiguous_ > 1;
      break;
    case otp::failure::unavailable:
    case otp::failure::rate_limited:
      at.repeatable = at.attempts < most_attempts_on_one;
      at.not_before = now + std::min(what.retry_after.value_or(0ms), longest_retry_after);
      break;
    case otp::failure::not_permitted:
    case otp::failure::rejected:
    case otp::failure::out_of_credit:
    case otp::failure::misconfigured:
      break;
  }
}

std::vector<delivery_plan::change> delivery_plan::take_changes() noexcept {
  return std::exchange(changes_, {});
}

delivery_plan::action delivery_plan::finish(boot_time now) {
  finished_ = true;
  if (failover_paid_ && !failover_used_) duplicates_.give_back();
  result_.nothing_was_tried = !begun_;
  if (stops_.empty()) result_.failure = otp::failure::misconfigured;
  const bool final = result_.failure == otp::failure::none || result_.failure == otp::failure::bad_number;
  if (!final) result_.retry_after = retry_after(now);
  return result_;
}

// The smallest over the candidates, each by its breaker and its Retry-After.
milliseconds delivery_plan::retry_after(boot_time now) const {
  std::optional<milliseconds> least;
  for (const stop& each : stops_) {
    const milliseconds wait =
        std::max({each.health->wait(options_.country, now), each.not_before - now, milliseconds{0}});
    least = std::min(least.value_or(wait), wait);
  }
  return least.value_or(0ms);
}

void delivery_plan::note(const stop& at, const health_changes& changes) {
  for (const breaker_change& each : changes.country)
    changes_.push_back({at.candidate, true, each});
  for (const breaker_change& each : changes.provider)
    changes_.push_back({at.candidate, false, each});
}

}  // namespace otpd::sms
