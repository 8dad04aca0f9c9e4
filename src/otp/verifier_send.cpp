// How a message goes to the providers, and to the address that stands in for a phone.

#include "otp/steps.hpp"
#include "otp/verifier.hpp"

namespace otpd::otp {

task<delivery_report> verifier::hand_over(const sending& now) {
  const queued_send& what = now.what;
  const code secret = vault_.code_of(what.record, what.nonce, now.generation, *what.profile);
  const std::string reference = vault_.seal_reference({what.record, what.nonce, what.send});
  const auto complete = [&](outgoing message) {
    message.code = secret.text();
    message.left = what.expires - parts_.clock.now().now;
    message.lifetime = std::chrono::duration_cast<std::chrono::seconds>(message.left);
    message.reference = reference;
    message.avoid = now.avoid;
    return message;
  };
  const outgoing message = complete(message_without_code(what, what.to));
  const delivery_report report = co_await sender_.send(message);
  // What may have arrived is not sent once more.
  if (report.state != delivery::failed || !what.fallback) co_return report;
  const bool may_fall_back = co_await prepare_fallback(what);
  if (!may_fall_back) co_return report;
  const outgoing second = complete(message_without_code(what, *what.fallback));
  const delivery_report other = co_await sender_.send(second);
  if (other.failure == failure::unavailable) co_await give_fallback_back(*what.fallback);
  co_return other;
}

// Durable before the mail goes out: what an approval proves from now on, and the mailbox's charge.
task<bool> verifier::prepare_fallback(const queued_send& what) {
  const recipient& mail = *what.fallback;
  if (!sender_.sends(mail, what.profile->name) || sender_.blocked_for(mail, what.profile->name))
    co_return false;
  day_rule charge = [this](recipient_record& record, const moment& at) {
    return otp::charge_fallback(record, parts_.limits.recipient_per_day, at);
  };
  const bool charged = co_await change_day(mail, std::move(charge));
  if (!charged) co_return false;
  auto rule = [&what](recipient_record& record, const moment& at) -> outcome<bool> {
    const place found = otp::find(record, what.nonce);
    if (!found || !divert(found, what.send, at)) return refusal{errc::not_found};
    return true;
  };
  auto step = make_step<bool>(what.record, parts_.clock, std::move(rule));
  const auto stored = co_await parts_.store.update(what.record, step);
  if (stored.has_value() && step.result.has_value()) co_return true;
  co_await give_fallback_back(mail);
  co_return false;
}

task<void> verifier::give_fallback_back(const recipient& to) {
  day_rule rule = [this](recipient_record& record, const moment&) {
    record.day.give_back(parts_.limits.recipient_per_day);
    return true;
  };
  const bool done = co_await change_day(to, std::move(rule));
  static_cast<void>(done);  // if not, the mailbox has one message less today
}

task<bool> verifier::change_day(const recipient& to, day_rule change) {
  const record_key key = vault_.record_of(to);
  auto rule = [&change](recipient_record& record, const moment& at) -> outcome<bool> {
    if (!change(record, at)) return refusal{errc::rate_limited};
    return true;
  };
  auto step = make_step<bool>(key, parts_.clock, std::move(rule));
  const auto stored = co_await parts_.store.update(key, step);
  co_return stored.has_value() && step.result.has_value();
}

}  // namespace otpd::otp
