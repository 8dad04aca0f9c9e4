#include "otp/verifier.hpp"

#include <algorithm>

#include "otp/steps.hpp"

namespace otpd::otp {

namespace {

constexpr milliseconds space_retry{60'000};

std::optional<refusal> inadmissible(const recipient& to, const profile& policy, std::optional<channel> wanted,
                                    const sender& by) {
  if (wanted && *wanted != to.channel) return refusal{errc::channel_not_allowed};
  if (std::ranges::find(policy.channels, to.channel) == policy.channels.end())
    return refusal{errc::channel_not_allowed};
  if (!by.serves(to.channel)) return refusal{errc::channel_not_allowed};
  if (to.channel == channel::sms && !policy.countries.empty() &&
      std::ranges::find(policy.countries, to.country) == policy.countries.end()) {
    return refusal{errc::country_not_allowed};
  }
  return std::nullopt;
}

}  // namespace

verifier::verifier(const verifier_parts& parts, const crypto::key_ring& ring, entropy& random,
                   otp::sender& sender)
    : parts_(parts), random_(random), sender_(sender), vault_(ring) {}

const profile* verifier::find_profile(std::string_view name) const {
  const auto found = std::ranges::find(parts_.profiles, name, &profile::name);
  return found == parts_.profiles.end() ? nullptr : &*found;
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
  out.delivery = one.delivery;
  return out;
}

verification_view verifier::view(const record_key& record, const place& what, const moment& at) {
  const auto to = vault_.open_address(record, *what.verification);
  return view(record, what, to ? mask(*to) : std::string(), at);
}

task<outcome<verification_view>> verifier::issue(issue_request request) {
  const profile* policy = find_profile(request.profile);
  if (policy == nullptr) co_return refusal{errc::unknown_profile};
  auto to = parse_recipient(request.to, policy->default_region);
  if (!to) co_return refusal{errc::invalid_recipient};
  if (auto refused = inadmissible(*to, *policy, request.channel, sender_)) co_return *std::move(refused);
  if (!parts_.store.has_room()) co_return refusal{errc::storage_low, space_retry};

  sending what;
  what.record = vault_.record_of(*to);
  what.to = *std::move(to);
  what.profile = policy;
  what.purpose = request.purpose;
  what.locale = request.locale.empty() ? std::string_view(policy->locale) : request.locale;
  std::uint64_t nonce = 0;
  random_.fill({reinterpret_cast<std::uint8_t*>(&nonce), sizeof nonce});
  const std::string sealed = vault_.seal_address(what.record, nonce, what.to.address);
  const delivery initial = sender_.sends(what.to.channel) ? delivery::sending : delivery::none;
  const issue_input input{*policy,
                          request.purpose,
                          what.to.channel,
                          nonce,
                          vault_.address_tag(what.to),
                          sealed,
                          initial,
                          parts_.limits.recipient_per_day};
  send_rule rule = [&input](recipient_record& record, const moment& at) {
    return otp::issue(record, input, at);
  };
  co_return co_await send(std::move(what), std::move(rule), request.caller);
}

task<outcome<verification_view>> verifier::resend(std::string_view id, caller by) {
  const auto opened = vault_.open_id(id);
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
  auto to = parse_recipient(address->address, {});
  if (!to) co_return refusal{errc::not_found};
  // The configuration may have changed since the first send.
  if (auto refused = inadmissible(*to, *policy, std::nullopt, sender_)) co_return *std::move(refused);

  sending what;
  what.record = opened->record;
  what.to = *std::move(to);
  what.profile = policy;
  what.purpose = found.subject->purpose;
  what.locale = policy->locale;
  const delivery initial = sender_.sends(what.to.channel) ? delivery::sending : delivery::none;
  send_rule rule = [this, &opened, policy, initial](recipient_record& stored,
                                                    const moment& at) -> outcome<place> {
    const place current = otp::find(stored, opened->nonce);
    if (!current) return refusal{errc::not_found};
    return otp::resend(stored, current, *policy, initial, parts_.limits.recipient_per_day, at);
  };
  co_return co_await send(std::move(what), std::move(rule), by);
}

task<outcome<verification_view>> verifier::send(sending what, send_rule rule, caller by) {
  const std::vector<limit> budgets = send_budgets(vault_, parts_.limits, what.to, by);
  if (auto refused = parts_.limiter.admit(budgets, parts_.clock.now().now)) co_return *std::move(refused);
  auto note = [&](recipient_record& record, const moment& at) -> outcome<verification_view> {
    const auto sent = rule(record, at);
    if (sent.has_error()) return sent.error();
    const verification& one = *sent->verification;
    what.nonce = one.nonce;
    what.send = one.sends;
    what.generation = one.generation;
    what.lifetime = std::chrono::duration_cast<std::chrono::seconds>(one.expires - at.now);
    return view(what.record, *sent, mask(what.to), at);
  };
  auto step = make_step<verification_view>(what.record, parts_.clock, std::move(note));
  const auto stored = co_await parts_.store.update(what.record, step);
  if (stored.has_error() || step.result.has_error()) {
    parts_.limiter.give_back(budgets);
    if (stored.has_error()) co_return store_refusal(stored.error());
    co_return step.result.error();
  }
  if (step.result->delivery != delivery::sending) co_return std::move(step.result);
  co_return co_await deliver(*std::move(step.result), std::move(what));
}

// Hands the message to the provider and stores what came of it.
task<outcome<verification_view>> verifier::deliver(verification_view made, sending what) {
  delivery_report report;
  {
    const code secret = vault_.code_of(what.record, what.nonce, what.generation, *what.profile);
    const outgoing message{what.to, *what.profile, what.purpose, what.locale, secret.text(), what.lifetime};
    report = co_await sender_.send(message);
  }
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
  if (report.state == delivery::failed)
    co_return refusal{errc::delivery_failed, milliseconds{0}, {}, made.id};
  co_return made;
}

}  // namespace otpd::otp
