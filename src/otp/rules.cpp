#include "otp/rules.hpp"

#include <algorithm>
#include <cassert>

namespace otpd::otp {

namespace {

constexpr std::string_view recipient_limit = "recipient";
constexpr std::string_view day_limit = "recipient_day";
// Wrong answers in a row are remembered this long after a subject's last use; from NIST's hundred on, for
// ever.
constexpr milliseconds failure_memory{std::chrono::hours(24 * 400)};
constexpr std::uint16_t unforgotten_failures = 100;
constexpr milliseconds least_wait{1};
// A message is under way no longer than this; whoever asks later asks for another one.
constexpr milliseconds longest_send{60'000};
// Longer than both channels' deadlines together can be: its outcome could not be stored.
constexpr milliseconds lost_send{std::chrono::minutes(8)};

refusal limited(std::string_view limit, milliseconds wait) {
  return {errc::rate_limited, std::max(wait, least_wait), limit};
}

bool is_locked(const subject& of, const profile& policy) {
  return of.consecutive_failures >= policy.max_consecutive_failures;
}

subject* find_subject(recipient_record& record, std::string_view profile, std::string_view purpose) {
  const auto found = std::ranges::find_if(record.subjects, [&](const subject& each) {
    return each.profile == profile && each.purpose == purpose;
  });
  return found == record.subjects.end() ? nullptr : &*found;
}

bool is_live(const verification& one, const moment& at) {
  return status_at(one, at) == status::pending;
}

// What may never have left does not count among a verification's sends (RELIABILITY S4); the other budgets do
// count it.
std::uint8_t sends_allowed_at(const verification& one, const moment& at) {
  const bool uncounted = delivery_at(one, at) == delivery::unknown && one.sends_allowed < most_sends;
  return static_cast<std::uint8_t>(one.sends_allowed + (uncounted ? 1 : 0));
}

// Whether the subject may be sent to now; nothing is taken. Names the first limit that refuses and waits for
// the slowest.
std::optional<refusal> send_refusal(const recipient_record& record, const subject& to, const profile& policy,
                                    const rate& per_day, const moment& at) {
  if (is_locked(to, policy)) return refusal{errc::recipient_locked};
  const milliseconds gap = to.next_send - at.now;
  const milliseconds sends = to.sends.wait(at.now, policy.sends).value_or(milliseconds{0});
  const milliseconds day = record.day.wait(at.now, per_day).value_or(milliseconds{0});
  const milliseconds wait = std::max({gap, sends, day});
  if (wait <= milliseconds{0}) return std::nullopt;
  return limited(std::max(gap, sends) > milliseconds{0} ? recipient_limit : day_limit, wait);
}

// Takes one send from every bucket. The caller has seen that each has one.
void charge_send(recipient_record& record, place what, const profile& policy, delivery initial,
                 const rate& per_day, const moment& at) {
  const bool taken = !what.subject->sends.take(at.now, policy.sends) && !record.day.take(at.now, per_day);
  assert(taken);
  static_cast<void>(taken);
  const int doublings = std::min<int>(what.verification->sends, 10);
  what.subject->next_send = at.now + policy.resend_after * (1 << doublings);
  what.verification->sends += 1;
  what.verification->delivery = initial;
  what.verification->delivery_since = at.now;
}

// From when on a subject says nothing.
instant forgettable_at(const subject& one) {
  if (one.consecutive_failures >= unforgotten_failures) return never;
  instant latest = std::max({one.next_send, one.sends.full_at(), one.failures.full_at()});
  for (const verification& each : one.verifications)
    latest = std::max(latest, each.expires + retention);
  return one.consecutive_failures != 0 ? latest + failure_memory : latest;
}

// Makes room for one more verification; false if all are pending.
bool make_room(subject& in, const moment& at) {
  if (in.verifications.size() < max_verifications) return true;
  const auto closed =
      std::ranges::find_if(in.verifications, [&](const verification& each) { return !is_live(each, at); });
  if (closed == in.verifications.end()) return false;
  in.verifications.erase(closed);
  return true;
}

}  // namespace

status status_at(const verification& one, const moment& at) {
  if (one.state != status::pending) return one.state;
  if (one.epoch != at.epoch) return status::canceled;
  return at.now >= one.expires ? status::expired : status::pending;
}

delivery delivery_at(const verification& one, const moment& at) {
  const bool lost = one.delivery == delivery::sending &&
                    (one.delivery_since < at.started || at.now >= one.delivery_since + lost_send);
  if (lost) return delivery::unknown;
  // What claim() will say, or would have said: the row may have expired before anybody came to it.
  const bool unwanted = one.delivery == delivery::queued && status_at(one, at) != status::pending;
  return unwanted ? delivery::failed : one.delivery;
}

errc closed_error(status state) {
  switch (state) {
    case status::approved:
      return errc::approved;
    case status::canceled:
      return errc::canceled;
    case status::max_attempts_reached:
      return errc::max_attempts_reached;
    case status::expired:
    case status::pending:
      break;
  }
  return errc::expired;
}

place find(recipient_record& record, std::uint64_t nonce) {
  for (subject& each : record.subjects) {
    for (verification& one : each.verifications) {
      if (one.nonce == nonce) return {&each, &one};
    }
  }
  return {};
}

place find(recipient_record& record, std::string_view profile, std::string_view purpose, std::uint32_t tag,
           const moment& at) {
  subject* of = find_subject(record, profile, purpose);
  if (of == nullptr) return {};
  place newest;
  for (verification& one : of->verifications) {
    if (one.tag != tag) continue;
    if (is_live(one, at) || !newest || !is_live(*newest.verification, at)) newest = {of, &one};
  }
  return newest;
}

outcome<place> issue(recipient_record& record, const issue_input& input, const moment& at) {
  prune(record, at.now);
  if (input.profile.sharing == sharing::shared) {
    const place pending = find(record, input.profile.name, input.purpose, input.tag, at);
    if (pending && is_live(*pending.verification, at) && pending.verification->is_test == input.is_test) {
      return resend(record, pending, input.profile, input.initial_delivery, input.per_day, at);
    }
  }
  subject* to = find_subject(record, input.profile.name, input.purpose);
  subject fresh;
  fresh.profile = input.profile.name;
  fresh.purpose = input.purpose;
  const subject& seen = to != nullptr ? *to : fresh;
  if (auto refused = send_refusal(record, seen, input.profile, input.per_day, at)) return *std::move(refused);
  if (to == nullptr) {
    if (record.subjects.size() == max_subjects) return limited(recipient_limit, input.profile.lifetime);
    to = &record.subjects.emplace_back(std::move(fresh));
  }
  if (!make_room(*to, at)) return limited(recipient_limit, to->verifications.front().expires - at.now);
  verification& one = to->verifications.emplace_back();
  one.nonce = input.nonce;
  one.tag = input.tag;
  one.epoch = at.epoch;
  one.channel = input.channel;
  one.is_test = input.is_test;
  one.attempts_allowed = input.profile.attempts;
  one.sends_allowed = input.profile.max_sends;
  one.created = at.now;
  one.expires = at.now + input.profile.lifetime;
  one.sealed_address = input.sealed_address;
  charge_send(record, {to, &one}, input.profile, input.initial_delivery, input.per_day, at);
  return place{to, &one};
}

place under_way(recipient_record& record, const issue_input& input, const moment& at) {
  if (input.profile.sharing != sharing::shared) return {};
  const place found = find(record, input.profile.name, input.purpose, input.tag, at);
  if (!found || !is_live(*found.verification, at) || found.verification->is_test != input.is_test) return {};
  const delivery state = delivery_at(*found.verification, at);
  const bool moves = state == delivery::queued || state == delivery::sending;
  return moves && at.now < found.verification->delivery_since + longest_send ? found : place{};
}

outcome<place> resend(recipient_record& record, place what, const profile& policy, delivery initial_delivery,
                      const rate& per_day, const moment& at) {
  verification& one = *what.verification;
  if (const status state = status_at(one, at); state != status::pending) return refusal{closed_error(state)};
  const std::uint8_t allowed = sends_allowed_at(one, at);
  if (one.sends >= allowed) return limited(recipient_limit, one.expires - at.now);
  if (auto refused = send_refusal(record, *what.subject, policy, per_day, at)) return *std::move(refused);
  one.sends_allowed = allowed;
  if (policy.resend == resend_policy::rotate) {
    // Another code, which lives as long as the first one did.
    one.generation += 1;
    one.expires = at.now + policy.lifetime;
  }
  charge_send(record, what, policy, initial_delivery, per_day, at);
  return what;
}

outcome<bool> check(place what, bool right, const profile& policy, const moment& at) {
  verification& one = *what.verification;
  subject& of = *what.subject;
  if (const status state = status_at(one, at); state != status::pending) return refusal{closed_error(state)};
  if (is_locked(of, policy)) return refusal{errc::recipient_locked};
  if (const auto wait = of.failures.wait(at.now, policy.failures))
    return refusal{errc::too_many_failures, *wait};
  if (right) {
    one.state = status::approved;
    of.consecutive_failures = 0;
    return true;
  }
  const bool charged = !of.failures.take(at.now, policy.failures);
  assert(charged);
  static_cast<void>(charged);
  of.consecutive_failures += 1;
  one.attempts += 1;
  if (one.attempts >= one.attempts_allowed) one.state = status::max_attempts_reached;
  return false;
}

outcome<place> cancel(place what, const moment& at) {
  const status state = status_at(*what.verification, at);
  if (state != status::pending && state != status::canceled) return refusal{closed_error(state)};
  what.verification->state = status::canceled;
  return what;
}

void unlock(recipient_record& record, std::string_view profile) {
  for (subject& each : record.subjects) {
    if (!profile.empty() && each.profile != profile) continue;
    each.consecutive_failures = 0;
    each.failures = bucket{};
  }
}

void prune(recipient_record& record, instant now) {
  for (subject& each : record.subjects) {
    std::erase_if(each.verifications,
                  [now](const verification& one) { return one.expires + retention <= now; });
  }
  std::erase_if(record.subjects, [now](const subject& each) { return forgettable_at(each) <= now; });
}

instant forgettable_at(const recipient_record& record) {
  instant latest = record.day.full_at();
  for (const subject& each : record.subjects)
    latest = std::max(latest, forgettable_at(each));
  return latest;
}

std::optional<instant> next_send(const place& what, const moment& at) {
  const verification& one = *what.verification;
  if (status_at(one, at) != status::pending || one.sends >= sends_allowed_at(one, at)) return std::nullopt;
  if (what.subject->next_send >= one.expires) return std::nullopt;
  return std::max(what.subject->next_send, at.now);
}

}  // namespace otpd::otp
