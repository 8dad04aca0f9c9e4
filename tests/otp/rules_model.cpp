#include "otp/rules_model.hpp"

#include <algorithm>

namespace otpd::otp::test {

namespace {

std::int64_t interval_us(const rate& limit) {
  return limit.window.count() * 1000 / limit.count;
}

std::string closed(status state) {
  return std::string(to_string(state));
}

}  // namespace

level::level(const rate& limit)
    : interval_(interval_us(limit)), full_(interval_ * limit.count), content_(full_) {}

std::int64_t level::content(instant now) const {
  return std::min(full_, content_ + (now - at_).count() * 1000);
}

bool level::has_one(instant now) const {
  return content(now) >= interval_;
}

void level::take(instant now) {
  content_ = content(now) - interval_;
  at_ = now;
}

void level::give_back(instant now) {
  content_ = std::min(full_, content(now) + interval_);
  at_ = now;
}

bool ledger::obeys(const rate& limit) const {
  if (times_.empty()) return true;
  const std::int64_t interval = interval_us(limit);
  std::int64_t count = 0;
  for (auto each = times_.rbegin(); each != times_.rend(); ++each) {
    const std::int64_t span = (times_.back() - *each).count() * 1000;
    if (++count > limit.count + span / interval) return false;
  }
  return true;
}

model::model(const std::vector<profile>& profiles, const rate& per_day)
    : profiles_(profiles), per_day_(per_day), day_(per_day) {}

model::budget& model::budget_of(std::size_t profile, const std::string& purpose) {
  const auto key = std::pair(profile, purpose);
  const auto known = budgets_.find(key);
  if (known != budgets_.end()) return known->second;
  budget fresh{level(profiles_[profile].sends), level(profiles_[profile].failures), 0, instant{}, {}, {}};
  return budgets_.emplace(key, std::move(fresh)).first->second;
}

status model::state(std::uint64_t nonce, const moment& at) const {
  const entry& one = all_.at(nonce);
  if (one.state != status::pending) return one.state;
  if (one.epoch != at.epoch) return status::canceled;
  return at.now >= one.expires ? status::expired : status::pending;
}

std::string model::no_send(const budget& of, const profile& policy, const moment& at) const {
  if (of.in_a_row >= policy.max_consecutive_failures) return "recipient_locked";
  if (at.now < of.next_send || !of.sends.has_one(at.now) || !day_.has_one(at.now)) return "rate_limited";
  return {};
}

std::string model::send(std::uint64_t nonce, budget& of, const moment& at) {
  entry& one = all_.at(nonce);
  auto gap = profiles_[one.profile].resend_after;
  for (int i = 0; i < one.sends; ++i)
    gap *= 2;
  of.next_send = at.now + gap;
  of.sends.take(at.now);
  day_.take(at.now);
  of.sent.note(at.now);
  sent_.note(at.now);
  one.sends += 1;
  one.is_unknown = false;
  one.last_send = at.now;
  return "ok";
}

std::string model::issue(std::size_t profile, const std::string& purpose, std::uint32_t tag,
                         std::uint64_t nonce, const moment& at, std::uint64_t& sent) {
  const otp::profile& policy = profiles_[profile];
  std::size_t pending = 0;
  for (const auto& [known, one] : all_) {
    if (one.profile != profile || one.purpose != purpose || state(known, at) != status::pending) continue;
    ++pending;
    if (policy.sharing == sharing::shared && one.tag == tag) return resend(sent = known, at);
  }
  budget& of = budget_of(profile, purpose);
  if (const std::string refused = no_send(of, policy, at); !refused.empty()) return refused;
  if (pending >= max_verifications) return "rate_limited";
  entry& fresh = all_[sent = nonce];
  fresh.profile = profile;
  fresh.purpose = purpose;
  fresh.tag = tag;
  fresh.epoch = at.epoch;
  fresh.expires = at.now + policy.lifetime;
  return send(nonce, of, at);
}

namespace {
constexpr int most_sends = 20;
}

std::string model::resend(std::uint64_t nonce, const moment& at) {
  if (state(nonce, at) != status::pending) return closed(state(nonce, at));
  entry& one = all_.at(nonce);
  const profile& policy = profiles_[one.profile];
  const bool again = one.is_unknown && policy.max_sends + one.uncounted < most_sends;
  if (one.sends >= policy.max_sends + one.uncounted + (again ? 1 : 0)) return "rate_limited";
  budget& of = budget_of(one.profile, one.purpose);
  if (const std::string refused = no_send(of, policy, at); !refused.empty()) return refused;
  if (again) one.uncounted += 1;
  if (policy.resend == resend_policy::rotate) one.expires = at.now + policy.lifetime;
  return send(nonce, of, at);
}

std::string model::check(std::uint64_t nonce, bool right, const moment& at) {
  if (state(nonce, at) != status::pending) return closed(state(nonce, at));
  entry& one = all_.at(nonce);
  const profile& policy = profiles_[one.profile];
  budget& of = budget_of(one.profile, one.purpose);
  if (of.in_a_row >= policy.max_consecutive_failures) return "recipient_locked";
  if (!of.failures.has_one(at.now)) return "too_many_failures";
  if (right) {
    one.state = status::approved;
    one.approvals += 1;
    of.in_a_row = 0;
    return "right";
  }
  of.failures.take(at.now);
  of.failed.note(at.now);
  of.in_a_row += 1;
  one.wrong += 1;
  if (one.wrong >= policy.attempts) one.state = status::max_attempts_reached;
  return "wrong";
}

std::string model::cancel(std::uint64_t nonce, const moment& at) {
  const status now = state(nonce, at);
  if (now != status::pending && now != status::canceled) return closed(now);
  all_.at(nonce).state = status::canceled;
  return "ok";
}

void model::take_back_send(std::uint64_t nonce, const moment& at) {
  const entry& one = all_.at(nonce);
  budget& of = budget_of(one.profile, one.purpose);
  of.sends.give_back(at.now);
  of.next_send = one.last_send;
  if (profiles_[one.profile].max_sends + one.uncounted < most_sends) all_.at(nonce).uncounted += 1;
  day_.give_back(at.now);
  of.sent.take_back();
  sent_.take_back();
}

void model::unlock(std::optional<std::size_t> profile) {
  for (auto& [key, of] : budgets_) {
    if (profile && key.first != *profile) continue;
    of.in_a_row = 0;
    of.failures = level(profiles_[key.first].failures);
    of.failed.clear();
  }
}

std::string model::broken(std::uint64_t nonce) const {
  const entry& one = all_.at(nonce);
  const profile& policy = profiles_[one.profile];
  const budget& of = budgets_.at({one.profile, one.purpose});
  if (one.wrong > policy.attempts) return "more verdicts than attempts";
  if (one.approvals > 1) return "approved twice";
  if (one.sends > policy.max_sends + one.uncounted) return "more sends than the verification has";
  if (of.in_a_row > policy.max_consecutive_failures) return "more failures in a row than allowed";
  if (!of.failed.obeys(policy.failures)) return "more failures in a window than allowed";
  if (!of.sent.obeys(policy.sends)) return "more sends in a window than allowed";
  if (!sent_.obeys(per_day_)) return "more sends in a day than allowed";
  return {};
}

}  // namespace otpd::otp::test
