#include "auth/attempt_rules.hpp"

#include <algorithm>

#include "otp/bytes.hpp"

namespace otpd::auth {

namespace {

constexpr std::uint8_t format = 1;
// Failures in a row are remembered this long after the last one; a block without an end for ever.
constexpr otp::milliseconds memory{std::chrono::hours(24 * 400)};
// What a client is told where only an administrator can help.
constexpr otp::milliseconds no_end{std::chrono::hours(24)};

}  // namespace

std::optional<otp::milliseconds> charge(attempt_record& record, const attempt_policy& policy,
                                        otp::instant now) {
  if (record.blocked_until == otp::never) return no_end;
  if (record.blocked_until > now) return record.blocked_until - now;
  if (policy.failures) {
    if (const auto wait = record.failures.take(now, *policy.failures)) return wait;
  }
  const bool was_blocked = record.blocked_until != otp::instant{};
  record.blocked_until = otp::instant{};
  record.in_a_row = static_cast<std::uint16_t>(was_blocked ? 1 : record.in_a_row + 1);
  if (record.in_a_row >= policy.in_a_row)
    record.blocked_until = policy.block ? now + *policy.block : otp::never;
  return std::nullopt;
}

void succeed(attempt_record& record, const attempt_policy& policy) {
  record.in_a_row = 0;
  record.blocked_until = otp::instant{};
  if (policy.failures) record.failures.give_back(*policy.failures);
}

void give_back(attempt_record& record, const attempt_policy& policy) {
  if (record.in_a_row != 0) record.in_a_row -= 1;
  if (record.in_a_row < policy.in_a_row) record.blocked_until = otp::instant{};
  if (policy.failures) record.failures.give_back(*policy.failures);
}

otp::instant forgettable_at(const attempt_record& record, otp::instant now) {
  if (record.blocked_until == otp::never) return otp::never;
  const otp::instant latest = std::max(record.blocked_until, record.failures.full_at());
  // After a block counting starts anew.
  const bool counts = record.in_a_row != 0 && record.blocked_until == otp::instant{};
  return counts ? std::max(latest, now) + memory : latest;
}

std::string encode(const attempt_record& record) {
  otp::byte_writer out;
  out.integer(format);
  out.integer(record.in_a_row);
  out.moment(record.blocked_until);
  out.integer(record.failures.theoretical_arrival_us());
  return out.take();
}

std::optional<attempt_record> decode_attempts(std::string_view bytes) {
  otp::byte_reader in(bytes);
  if (in.integer<std::uint8_t>() != format) return std::nullopt;
  attempt_record out;
  out.in_a_row = in.integer<std::uint16_t>();
  out.blocked_until = in.moment();
  out.failures = otp::bucket(in.integer<std::int64_t>());
  if (!in.at_end()) return std::nullopt;
  return out;
}

}  // namespace otpd::auth
