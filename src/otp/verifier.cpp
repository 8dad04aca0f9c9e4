#include "otp/verifier.hpp"

#include <algorithm>

#include "otp/steps.hpp"

namespace otpd::otp {

namespace {

constexpr milliseconds space_retry{60'000};
constexpr milliseconds queue_retry{2000};

std::optional<refusal> inadmissible(const recipient& to, const profile& policy, std::optional<channel> wanted,
                                    const sender& by) {
  if (wanted && *wanted != to.channel) return refusal{errc::channel_not_allowed};
  if (std::ranges::find(policy.channels, to.channel) == policy.channels.end())
    return refusal{errc::channel_not_allowed};
  if (!by.serves(to, policy.name)) return refusal{errc::channel_not_allowed};
  if (to.channel == channel::sms && !policy.countries.empty() &&
      std::ranges::find(policy.countries, to.country) == policy.countries.end()) {
    return refusal{errc::country_not_allowed};
  }
  return std::nullopt;
}

}  // namespace

verifier::verifier(const verifier_parts& parts, const crypto::key_ring& ring, entropy& random,
                   otp::sender& sender, send_queue* queue)
    : parts_(parts), random_(random), sender_(sender), queue_(queue), vault_(ring) {}

const profile* verifier::find_profile(std::string_view name) const {
  const auto found = std::ranges::find(parts_.profiles, name, &profile::name);
  return found == parts_.profiles.end() ? nullptr : &*found;
}

const test_recipient* verifier::find_test(const recipient& to) const {
  const auto found = std::ranges::find(parts_.test_recipients, to.address, &test_recipient::address);
  if (found == parts_.test_recipients.end()) return nullptr;
  return parts_.clock.now().now < found->expires ? &*found : nullptr;
}

verification_view verifier::view(const record_key& record, const place& what, std::string masked,
                                 const moment& at) {
  const verification& one = *what.verification;
  verification_view out;
  out.id = vault_.seal_id({record, one.nonce});
  out.status = status_at(one, at);
  out.masked_to = std::move(masked);
  out.channel = one.channel;
  out.profile = what.subject->profile;
  out.purpose = what.subject->purpose;
  out.created = one.created;
  out.expires = one.expires;
  out.attempts_left = one.attempts_allowed > one.attempts ? one.attempts_allowed - one.attempts : 0;
  out.sends = one.sends;
  out.next_send = next_send(what, at);
  out.delivery = delivery_at(one, at);
  out.is_test = one.is_test;
  return out;
}

verification_view verifier::view(const record_key& record, const place& what, const moment& at) {
  const auto to = vault_.open_address(record, *what.verification);
  return view(record, what, to ? mask(*to) : std::string(), at);
}

delivery verifier::initial_delivery(const queued_send& what, bool is_test) const {
  if (is_test || !sender_.sends(what.to, what.profile->name)) return delivery::none;
  return queue_ != nullptr ? delivery::queued : delivery::sending;
}

std::optional<refusal> verifier::why_not_now(const queued_send& what, delivery initial) const {
  if (!parts_.store.has_room()) return refusal{errc::storage_low, space_retry};
  if (initial == delivery::none) return std::nullopt;
  parameter_verdict verdict = sender_.accepts(message_without_code(what, what.to));
  if (verdict.fault == parameter_fault::none && what.fallback)
    verdict = sender_.accepts(message_without_code(what, *what.fallback));
  if (verdict.fault != parameter_fault::none) {
    refusal out{errc::invalid_parameters};
    out.fault = verdict.fault;
    out.parameter = verdict.name;
    return out;
  }
  if (initial == delivery::queued && !queue_->has_room()) return refusal{errc::overloaded, queue_retry};
  // What is queued waits for its provider.
  if (initial != delivery::sending) return std::nullopt;
  if (const auto wait = blocked_for(what)) return refusal{errc::provider_unavailable, *wait};
  return std::nullopt;
}

outcome<std::optional<recipient>> verifier::fallback_of(std::string_view text, const recipient& to,
                                                        const profile& policy) const {
  if (text.empty()) return std::optional<recipient>{};
  auto mail = parse_recipient(text, {});
  if (!mail || mail->channel != channel::email) return refusal{errc::invalid_recipient};
  if (to.channel != channel::sms) return refusal{errc::channel_not_allowed};
  if (find_test(*mail) != nullptr) return refusal{errc::channel_not_allowed};
  if (auto refused = inadmissible(*mail, policy, std::nullopt, sender_)) return *std::move(refused);
  return std::optional<recipient>(*std::move(mail));
}

std::optional<milliseconds> verifier::blocked_for(const queued_send& what) const {
  const auto wait = sender_.blocked_for(what.to, what.profile->name);
  if (!wait || !what.fallback) return wait;
  const auto other = sender_.blocked_for(*what.fallback, what.profile->name);
  return other ? std::optional(std::min(*wait, *other)) : std::nullopt;
}

task<outcome<verification_view>> verifier::issue(issue_request request) {
  const profile* policy = find_profile(request.profile);
  if (policy == nullptr) co_return refusal{errc::unknown_profile};
  auto to = parse_recipient(request.to, policy->default_region, policy->numbers);
  if (!to) co_return refusal{errc::invalid_recipient};
  if (auto refused = inadmissible(*to, *policy, request.channel, sender_)) co_return *std::move(refused);
  auto fallback = fallback_of(request.fallback_to, *to, *policy);
  if (fallback.has_error()) co_return fallback.error();
  const bool is_test = find_test(*to) != nullptr;
  queued_send what;
  what.record = vault_.record_of(*to);
  what.to = *std::move(to);
  what.fallback = *std::move(fallback);
  what.profile = policy;
  what.purpose = request.purpose;
  what.locale = request.locale.empty() ? std::string_view(policy->locale) : request.locale;
  what.parameters = std::move(request.parameters);
  const delivery initial = initial_delivery(what, is_test);
  if (auto refused = why_not_now(what, initial)) co_return *std::move(refused);
  std::uint64_t nonce = 0;
  random_.fill({reinterpret_cast<std::uint8_t*>(&nonce), sizeof nonce});
  const std::string sealed = vault_.seal_address(what.record, nonce, what.to.address);
  const issue_input input{*policy,
                          request.purpose,
                          what.to.channel,
                          nonce,
                          vault_.tag_of(what.to, request.variant),
                          sealed,
                          initial,
                          parts_.limits.recipient_per_day,
                          is_test};
  send_rule rule = [&input](recipient_record& record, const moment& at) -> outcome<ruled_send> {
    if (const place same = under_way(record, input, at)) return ruled_send{same, false};
    const auto made = otp::issue(record, input, at);
    if (made.has_error()) return made.error();
    return ruled_send{*made, true};
  };
  co_return co_await send(std::move(what), std::move(rule), request.caller);
}

task<outcome<verification_view>> verifier::resend(resend_request request) {
  const auto opened = vault_.open_id(request.id);
  if (!opened) co_return refusal{errc::not_found};
  // The budgets count the address, so it is read first; the transition reads the record again.
  const auto seen = co_await parts_.store.get(opened->record);
  if (seen.has_error()) co_return store_refusal(seen.error());
  auto record = seen->has_value() ? decode_record(**seen) : std::nullopt;
  const place found = record ? otp::find(*record, opened->nonce) : place{};
  const profile* policy = found ? find_profile(found.subject->profile) : nullptr;
  const auto address =
      policy != nullptr ? vault_.open_address(opened->record, *found.verification) : std::nullopt;
  if (!address) co_return refusal{errc::not_found};
  auto to = parse_address(address->address);
  if (!to) co_return refusal{errc::not_found};
  // The configuration may have changed since the first send.
  if (auto refused = inadmissible(*to, *policy, std::nullopt, sender_)) co_return *std::move(refused);
  auto fallback = fallback_of(request.fallback_to, *to, *policy);
  if (fallback.has_error()) co_return fallback.error();
  // Its code ended with its rule.
  if (found.verification->is_test && find_test(*to) == nullptr) co_return refusal{errc::expired};
  queued_send what;
  what.record = opened->record;
  what.to = *std::move(to);
  what.fallback = *std::move(fallback);
  what.profile = policy;
  what.purpose = found.subject->purpose;
  what.locale = request.locale.empty() ? std::string_view(policy->locale) : request.locale;
  what.parameters = std::move(request.parameters);
  const delivery initial = initial_delivery(what, found.verification->is_test);
  if (auto refused = why_not_now(what, initial)) co_return *std::move(refused);
  send_rule rule = [this, &opened, policy, initial](recipient_record& stored,
                                                    const moment& at) -> outcome<ruled_send> {
    const place current = otp::find(stored, opened->nonce);
    if (!current) return refusal{errc::not_found};
    const auto sent = otp::resend(stored, current, *policy, initial, parts_.limits.recipient_per_day, at);
    if (sent.has_error()) return sent.error();
    return ruled_send{*sent, true};
  };
  co_return co_await send(std::move(what), std::move(rule), request.caller);
}

task<outcome<verification_view>> verifier::send(queued_send what, send_rule rule, caller by) {
  const std::vector<limit> budgets = send_budgets(vault_, parts_.limits, what.to, by);
  if (auto refused = parts_.limiter.admit(budgets, parts_.clock.now().now)) co_return *std::move(refused);
  sending next;
  bool is_new = false;
  auto note = [&](recipient_record& record, const moment& at, write_set& out) -> outcome<verification_view> {
    const auto ruled = rule(record, at);
    if (ruled.has_error()) return ruled.error();
    verification& one = *ruled->where.verification;
    is_new = ruled->is_new;
    if (is_new) direct(ruled->where, what.to.channel);
    what.nonce = one.nonce;
    what.send = one.sends;
    what.expires = one.expires;
    next.generation = one.generation;
    next.avoid = one.provider;
    if (is_new && one.delivery == delivery::queued) put_into_outbox(what, out);
    return view(what.record, ruled->where, mask(what.to), at);
  };
  auto step = make_step<verification_view>(what.record, parts_.clock, std::move(note));
  const auto stored = co_await parts_.store.update(what.record, step);
  const bool refused = stored.has_error() || step.result.has_error();
  if (refused || !is_new) parts_.limiter.give_back(budgets);
  if (stored.has_error()) co_return store_refusal(stored.error());
  if (refused || !is_new) co_return std::move(step.result);
  if (step.result->delivery == delivery::queued) queue_->add(std::move(what));
  if (step.result->delivery != delivery::sending) co_return std::move(step.result);
  next.what = std::move(what);
  co_return co_await deliver(*std::move(step.result), std::move(next));
}

// Hands the message to the providers and stores what came of it.
task<outcome<verification_view>> verifier::deliver(verification_view made, sending now) {
  const delivery_report report = co_await hand_over(now);
  const queued_send& what = now.what;
  auto rule = [&](recipient_record& record, const moment& at) -> outcome<verification_view> {
    const place found = otp::find(record, what.nonce);
    if (!found || !settle(record, found, *what.profile, what.send, report, parts_.limits.recipient_per_day)) {
      return refusal{errc::not_found};
    }
    return view(what.record, found, made.masked_to, at);
  };
  auto step = make_step<verification_view>(what.record, parts_.clock, std::move(rule));
  const auto stored = co_await parts_.store.update(what.record, step);
  made.delivery = report.state;
  if (stored.has_value() && step.result.has_value()) made = *std::move(step.result);
  if (report.untried) co_return refusal{errc::provider_unavailable, report.retry_after, {}, made.id};
  if (report.state == delivery::failed)
    co_return refusal{errc::delivery_failed, milliseconds{0}, {}, made.id};
  co_return made;
}

}  // namespace otpd::otp
