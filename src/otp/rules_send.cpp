// What becomes of a send: the outbox, providers' answers, receipts.

#include "otp/rules.hpp"

namespace otpd::otp {

namespace {
// A code that would end on its way is not sent. An attempt has at least half of this (sms/dispatcher).
constexpr milliseconds least_life{2000};
}  // namespace

bool claim(place what, std::uint8_t send, const moment& at) {
  verification& one = *what.verification;
  if (one.sends != send || one.delivery != delivery::queued) return false;
  const bool wanted = status_at(one, at) == status::pending && at.now + least_life <= one.expires;
  one.delivery = wanted ? delivery::sending : delivery::failed;
  one.delivery_since = at.now;
  return wanted;
}

bool put_back(place what, std::uint8_t send, const moment& at) {
  verification& one = *what.verification;
  if (one.sends != send || one.delivery != delivery::sending) return false;
  one.delivery = delivery::queued;
  one.delivery_since = at.now;
  return true;
}

bool divert(place what, std::uint8_t send, const moment& at) {
  verification& one = *what.verification;
  if (one.sends != send || one.delivery != delivery::sending) return false;
  if (status_at(one, at) != status::pending) return false;
  one.channel = channel::email;
  return true;
}

void direct(place what, channel by) {
  verification& one = *what.verification;
  if (one.channel == by) return;
  one.channel = by;
  one.generation += 1;
}

bool charge_fallback(recipient_record& record, const rate& per_day, const moment& at) {
  return !record.day.take(at.now, per_day);
}

bool receive(place what, std::uint8_t send, std::uint32_t provider, delivery state) {
  verification& one = *what.verification;
  if (one.sends != send || one.provider != provider || one.delivery != delivery::sent) return false;
  if (state != delivery::delivered && state != delivery::failed) return false;
  one.delivery = state;
  return true;
}

bool settle(recipient_record& record, place what, const profile& policy, std::uint8_t send,
            const delivery_report& report, const rate& per_day) {
  verification& one = *what.verification;
  if (one.sends != send || one.delivery != delivery::sending) return false;
  one.delivery = report.state;
  if (report.provider != 0) one.provider = report.provider;
  if (report.state == delivery::failed && report.failure == failure::unavailable) {
    what.subject->sends.give_back(policy.sends);
    what.subject->next_send = one.delivery_since;
    record.day.give_back(per_day);
    if (one.sends_allowed < most_sends) one.sends_allowed += 1;
  }
  return true;
}

}  // namespace otpd::otp
