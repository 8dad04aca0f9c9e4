#include "mail/smtp_outcome.hpp"

#include <algorithm>
#include <array>

namespace otpd::mail {

namespace {

using otp::failure;

template <std::size_t N>
constexpr bool is_among(unsigned value, const std::array<unsigned, N>& values) noexcept {
  return std::ranges::find(values, value) != values.end();
}

constexpr bool is_about_credentials(unsigned code) noexcept {
  return is_among(code, std::array{530U, 534U, 535U, 538U});
}

// RFC 3463, 3.2 and 3.3; RFC 7505, 4.2.
bool is_about_mailbox(const enhanced_status& status) noexcept {
  if (status.subject == 1) return is_among(status.detail, std::array{0U, 1U, 2U, 3U, 6U, 10U});
  return status.subject == 2 && (status.detail == 1 || status.detail == 2);
}

bool is_about_sender(const enhanced_status& status) noexcept {
  return status.subject == 1 && (status.detail == 7 || status.detail == 8);
}

}  // namespace

failure failure_of(smtp_stage stage, const smtp_reply& reply) noexcept {
  const bool is_policy = reply.status.subject == 7;
  const bool is_permanent = reply.kind() == 5;
  const bool names_recipient = stage == smtp_stage::recipient || stage == smtp_stage::content;
  if (is_policy && is_among(reply.code, std::array{421U, 450U, 451U, 452U})) return failure::rate_limited;
  if (stage == smtp_stage::opening) return failure::unavailable;
  if (is_permanent && (stage == smtp_stage::login || is_about_credentials(reply.code)))
    return failure::misconfigured;
  if (names_recipient && is_about_mailbox(reply.status)) return failure::bad_number;
  if (is_about_sender(reply.status)) return failure::misconfigured;
  if (!is_permanent) return failure::unavailable;
  if (stage != smtp_stage::recipient) return failure::rejected;
  return is_policy ? failure::not_permitted : failure::bad_number;
}

}  // namespace otpd::mail
