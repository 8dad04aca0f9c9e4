#include "auth/attempt_rules.hpp"

#include <algorithm>

#include "otp/bytes.hpp"

namespace otpd::auth {

namespace {

constexpr std::uint8_t format = 2;
// Failures in a row are remembered this long after the last one; a block without an end for ever.
constexpr otp::milliseconds memory{std::chrono::hours(24 * 400)};
// Longer than an answer may take. What is in flight for so long could not be settled when the store failed.
constexpr otp::milliseconds longest_judging{std::chrono::minutes(10)};
// What a client is told where only an administrator can help, and where the next moment may help.
constexpr otp::milliseconds no_end{std::chrono::hours(24)};
constexpr otp::milliseconds a_moment{std::chrono::seconds(1)};

std::uint16_t sum(std::uint16_t a, std::uint16_t b) {
  return static_cast<std::uint16_t>(std::min(a + b, 0xffff));
}

void land(attempt_record& record) {
  if (record.in_flight != 0) record.in_flight -= 1;
}

// What will never be settled counts as failures, but nobody is blocked before one was seen. The bound may
// have been higher once, too.
void tidy(attempt_record& record, const attempt_policy& policy, otp::instant now,
          otp::instant running_since) {
  if (record.blocked_until != otp::instant{}) record.in_a_row = 0;  // the block is over
  record.blocked_until = otp::instant{};
  if (record.charged_at < running_since || now >= record.charged_at + longest_judging) {
    record.in_a_row = sum(record.in_a_row, record.in_flight);
    record.in_flight = 0;
  }
  record.in_a_row = std::min(record.in_a_row, static_cast<std::uint16_t>(policy.in_a_row - 1));
}

// Takes one of all failures.
outcome<void> take(attempt_record& record, const otp::rate& all, otp::instant now) {
  const auto wait = record.failures.take(now, all);
  if (!wait) return {};
  otp::bucket settled = record.failures;
  for (int i = 0; i < record.in_flight; ++i)
    settled.give_back(all);
  if (settled.take(now, all)) return refusal{errc::blocked, *wait};
  return refusal{errc::overloaded, a_moment};
}

}  // namespace

outcome<void> charge(attempt_record& record, const attempt_policy& policy, otp::instant now,
                     otp::instant running_since) {
  if (record.blocked_until == otp::never) return refusal{errc::blocked, no_end};
  if (record.blocked_until > now) return refusal{errc::blocked, record.blocked_until - now};
  tidy(record, policy, now, running_since);
  if (sum(record.in_a_row, record.in_flight) >= policy.in_a_row) return refusal{errc::overloaded, a_moment};
  if (policy.failures) {
    const auto taken = take(record, *policy.failures, now);
    if (taken.has_error()) return taken.error();
  }
  record.in_flight += 1;
  record.charged_at = now;
  return {};
}

void fail(attempt_record& record, const attempt_policy& policy, otp::instant now) {
  land(record);
  record.in_a_row = sum(record.in_a_row, 1);
  if (record.in_a_row >= policy.in_a_row)
    record.blocked_until = policy.block ? now + *policy.block : otp::never;
}

void succeed(attempt_record& record, const attempt_policy& policy) {
  land(record);
  record.in_a_row = 0;
  record.blocked_until = otp::instant{};
  if (policy.failures) record.failures.give_back(*policy.failures);
}

void give_back(attempt_record& record, const attempt_policy& policy) {
  land(record);
  if (policy.failures) record.failures.give_back(*policy.failures);
}

otp::instant forgettable_at(const attempt_record& record, otp::instant now) {
  if (record.blocked_until == otp::never) return otp::never;
  const otp::instant latest = std::max(record.blocked_until, record.failures.full_at());
  // After a block counting starts anew.
  const bool counts =
      (record.in_a_row != 0 || record.in_flight != 0) && record.blocked_until == otp::instant{};
  return counts ? std::max(latest, now) + memory : latest;
}

std::string encode(const attempt_record& record) {
  otp::byte_writer out;
  out.integer(format);
  out.integer(record.in_a_row);
  out.integer(record.in_flight);
  out.moment(record.charged_at);
  out.moment(record.blocked_until);
  out.integer(record.failures.theoretical_arrival_us());
  return out.take();
}

std::optional<attempt_record> decode_attempts(std::string_view bytes) {
  otp::byte_reader in(bytes);
  if (in.integer<std::uint8_t>() != format) return std::nullopt;
  attempt_record out;
  out.in_a_row = in.integer<std::uint16_t>();
  out.in_flight = in.integer<std::uint16_t>();
  out.charged_at = in.moment();
  out.blocked_until = in.moment();
  out.failures = otp::bucket(in.integer<std::int64_t>());
  if (!in.at_end()) return std::nullopt;
  return out;
}

}  // namespace otpd::auth
