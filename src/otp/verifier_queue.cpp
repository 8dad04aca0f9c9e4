// What happens to a send outside of the request that made it: the outbox, and receipts.

#include "otp/outbox_format.hpp"
#include "otp/steps.hpp"
#include "otp/verifier.hpp"

namespace otpd::otp {

namespace {
constexpr milliseconds store_retry{1000};

// A verification has one row, that of its newest send: another send may not take it away while that one
// waits.
bool owns_row(const verification& one, std::uint8_t send) {
  return one.sends == send || one.delivery != delivery::queued;
}

}  // namespace

void verifier::put_into_outbox(const queued_send& what, write_set& out) {
  outbox_row row{what.record, what.nonce, what.send, {}};
  const std::string words = encode(
      message_words{what.locale, what.fallback ? what.fallback->address : std::string(), what.parameters});
  row.sealed_words = vault_.seal_words(what.record, what.nonce, what.send, words);
  out.put(outbox_key(what.record, what.nonce), encode(row), what.expires);
}

task<outcome<std::optional<queued_send>>> verifier::restore(std::string bytes) {
  const std::optional<queued_send> nothing;
  const auto row = decode_outbox_row(bytes);
  if (!row) co_return nothing;
  const auto seen = co_await parts_.store.get(row->record);
  if (seen.has_error()) co_return store_refusal(seen.error());
  auto record = seen->has_value() ? decode_record(**seen) : std::nullopt;
  const place found = record ? otp::find(*record, row->nonce) : place{};
  if (!found) co_return nothing;
  queued_send what;
  what.record = row->record;
  what.nonce = row->nonce;
  what.send = row->send;
  what.profile = find_profile(found.subject->profile);
  what.purpose = found.subject->purpose;
  what.expires = found.verification->expires;
  const auto address = vault_.open_address(row->record, *found.verification);
  auto to = parse_address(address ? address->address : std::string());
  const auto words = vault_.open_words(row->record, row->nonce, row->send, row->sealed_words);
  auto read = words ? decode_words(*words) : std::nullopt;
  if (what.profile == nullptr || !to || !read) co_return nothing;
  what.to = *std::move(to);
  what.locale = std::move(read->locale);
  what.parameters = std::move(read->parameters);
  if (auto mail = parse_address(read->fallback)) what.fallback = *std::move(mail);
  co_return std::optional(std::move(what));
}

task<queue_step> verifier::send_queued(queued_send what) {
  queue_step out;
  if (const auto wait = blocked_for(what); wait && parts_.clock.now().now < what.expires) {
    out.done = false;
    out.try_again = *wait;
    co_return out;
  }
  sending now;
  auto claim_it = [&](recipient_record& record, const moment& at, write_set& writes) -> outcome<bool> {
    const place found = otp::find(record, what.nonce);
    if (!found || owns_row(*found.verification, what.send)) writes.erase(outbox_key(what.record, what.nonce));
    if (!found || !claim(found, what.send, at)) return false;
    now.generation = found.verification->generation;
    now.avoid = found.verification->provider;
    return true;
  };
  auto claiming = make_step<bool>(what.record, parts_.clock, std::move(claim_it));
  const auto claimed = co_await parts_.store.update(what.record, claiming);
  if (claimed.has_error()) {
    out.done = false;
    out.try_again = store_retry;
    co_return out;
  }
  if (claiming.result.has_error() || !*claiming.result) co_return out;
  now.what = std::move(what);
  const delivery_report report = co_await hand_over(now);
  auto settle_it = [&](recipient_record& record, const moment& at, write_set& writes) -> outcome<bool> {
    const place found = otp::find(record, now.what.nonce);
    if (!found) return false;
    if (report.untried && put_back(found, now.what.send, at)) {
      put_into_outbox(now.what, writes);
      return true;
    }
    settle(record, found, *now.what.profile, now.what.send, report, parts_.limits.recipient_per_day);
    return false;
  };
  auto settling = make_step<bool>(now.what.record, parts_.clock, std::move(settle_it));
  const auto settled = co_await parts_.store.update(now.what.record, settling);
  // If the outcome cannot be stored, the send stays `sending` and will be `unknown`: it is not sent twice.
  if (settled.has_value() && settling.result.has_value() && *settling.result) {
    out.done = false;
    out.try_again = report.retry_after;
  }
  co_return out;
}

task<outcome<void>> verifier::receive(std::string_view reference, std::uint32_t provider, delivery state) {
  const auto name = vault_.open_reference(reference);
  if (!name) co_return outcome<void>{};
  auto rule = [&](recipient_record& record, const moment& at) -> outcome<bool> {
    const place found = otp::find(record, name->nonce);
    if (!found || found.verification->sends != name->send) return refusal{errc::not_found};
    if (delivery_at(*found.verification, at) == delivery::sending) {
      return refusal{errc::store_unavailable, store_retry};
    }
    if (!otp::receive(found, name->send, provider, state)) return refusal{errc::not_found};
    return true;
  };
  auto step = make_step<bool>(name->record, parts_.clock, std::move(rule));
  const auto stored = co_await parts_.store.update(name->record, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  if (step.result.has_error() && step.result.error().code == errc::store_unavailable)
    co_return step.result.error();
  co_return outcome<void>{};
}

}  // namespace otpd::otp
