// The use cases that send nothing.

#include "otp/steps.hpp"
#include "otp/verifier.hpp"

namespace otpd::otp {

task<outcome<check_view>> verifier::check(std::string_view id, std::string_view code, caller by) {
  const auto opened = vault_.open_id(id);
  if (!opened) co_return refusal{errc::not_found};
  find_rule find_it = [&opened](recipient_record& record, const moment&) {
    return otp::find(record, opened->nonce);
  };
  co_return co_await judge(opened->record, std::move(find_it), code, by);
}

task<outcome<check_view>> verifier::check_recipient(std::string_view to, std::string_view code,
                                                    std::string_view profile, std::string_view purpose,
                                                    caller by, std::string_view variant) {
  const otp::profile* policy = find_profile(profile);
  if (policy == nullptr) co_return refusal{errc::unknown_profile};
  if (policy->sharing == sharing::independent) co_return refusal{errc::id_required};
  const auto parsed = parse_recipient(to, policy->default_region, policy->numbers);
  if (!parsed) co_return refusal{errc::invalid_recipient};
  const std::uint32_t tag = vault_.tag_of(*parsed, variant);
  find_rule find_it = [profile, purpose, tag](recipient_record& record, const moment& at) {
    return otp::find(record, profile, purpose, tag, at);
  };
  co_return co_await judge(vault_.record_of(*parsed), std::move(find_it), code, by);
}

task<outcome<check_view>> verifier::check_uuid(std::string_view to, std::string_view uuid,
                                               std::string_view code, std::string_view profile, caller by) {
  const otp::profile* policy = find_profile(profile);
  if (policy == nullptr) co_return refusal{errc::unknown_profile};
  const auto parsed = parse_recipient(to, policy->default_region, policy->numbers);
  if (!parsed) co_return refusal{errc::invalid_recipient};
  const record_key record = vault_.record_of(*parsed);
  const auto nonce = vault_.nonce_of(record, uuid);
  if (!nonce) co_return refusal{errc::not_found};
  find_rule find_it = [nonce, profile](recipient_record& stored, const moment&) {
    const place found = otp::find(stored, *nonce);
    return found && found.subject->profile == profile ? found : place{};
  };
  co_return co_await judge(record, std::move(find_it), code, by);
}

std::string verifier::uuid_of(std::string_view id) {
  const auto opened = vault_.open_id(id);
  return opened ? vault_.uuid_of(*opened) : std::string();
}

bool verifier::is_right(const record_key& record, const verification& one, const profile& policy,
                        const std::optional<recipient>& to, std::string_view given) const {
  if (!one.is_test) return vault_.code_of(record, one.nonce, one.generation, policy).matches(given);
  const test_recipient* fixed = to ? find_test(*to) : nullptr;
  return fixed != nullptr && otp::code(fixed->code).matches(given);
}

// The client's budget for wrong answers is charged first and given back unless the answer was judged wrong.
task<outcome<check_view>> verifier::judge(record_key record, find_rule find_it, std::string_view code,
                                          caller by) {
  const std::vector<limit> budgets = failure_budgets(vault_, parts_.limits, by);
  if (auto refused = parts_.limiter.admit(budgets, parts_.clock.now().now)) co_return *std::move(refused);
  std::optional<recipient> to;
  std::uint32_t provider = 0;
  auto rule = [&](recipient_record& stored, const moment& at) -> outcome<check_view> {
    const place what = find_it(stored, at);
    const profile* policy = what ? find_profile(what.subject->profile) : nullptr;
    if (policy == nullptr) return refusal{errc::not_found};
    if (!is_code(code, policy->alphabet, policy->code_length)) return refusal{errc::invalid_code};
    const verification& one = *what.verification;
    to = vault_.open_address(record, one);
    provider = one.provider;
    const auto verdict = otp::check(what, is_right(record, one, *policy, to, code), *policy, at);
    if (verdict.has_error()) return verdict.error();
    return check_view{*verdict, view(record, what, to ? mask(*to) : std::string(), at)};
  };
  auto step = make_step<check_view>(record, parts_.clock, std::move(rule));
  const auto stored = co_await parts_.store.update(record, step);
  const bool judged = stored.has_value() && step.result.has_value();
  if (!judged || step.result->valid) parts_.limiter.give_back(budgets);
  if (stored.has_error()) co_return store_refusal(stored.error());
  if (judged && step.result->valid && to) {
    auto proven = parse_address(to->address);
    if (provider != 0)
      sender_.on_approved(provider, proven ? std::string_view(proven->country) : std::string_view());
    // A code that went to the address which stands in for the phone proves nothing of the phone.
    if (proven && proven->channel == step.result->verification.channel)
      step.result->proven = *std::move(proven);
  }
  co_return std::move(step.result);
}

task<outcome<verification_view>> verifier::find(std::string_view id) {
  const auto opened = vault_.open_id(id);
  if (!opened) co_return refusal{errc::not_found};
  const auto seen = co_await parts_.store.get(opened->record);
  if (seen.has_error()) co_return store_refusal(seen.error());
  auto record = seen->has_value() ? decode_record(**seen) : std::nullopt;
  const place found = record ? otp::find(*record, opened->nonce) : place{};
  const moment at = parts_.clock.now();
  if (!found || found.verification->expires + retention <= at.now) co_return refusal{errc::not_found};
  co_return view(opened->record, found, at);
}

task<outcome<verification_view>> verifier::cancel(std::string_view id) {
  const auto opened = vault_.open_id(id);
  if (!opened) co_return refusal{errc::not_found};
  auto rule = [&](recipient_record& record, const moment& at) -> outcome<verification_view> {
    const place found = otp::find(record, opened->nonce);
    if (!found) return refusal{errc::not_found};
    const auto canceled = otp::cancel(found, at);
    if (canceled.has_error()) return canceled.error();
    return view(opened->record, found, at);
  };
  auto step = make_step<verification_view>(opened->record, parts_.clock, std::move(rule));
  const auto stored = co_await parts_.store.update(opened->record, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return std::move(step.result);
}

task<outcome<void>> verifier::unlock(std::string_view to, std::string_view profile) {
  const auto parsed = parse_address(to);
  if (!parsed) co_return refusal{errc::invalid_recipient};
  const record_key record = vault_.record_of(*parsed);
  auto rule = [profile](recipient_record& stored, const moment&) -> outcome<bool> {
    otp::unlock(stored, profile);
    return true;
  };
  auto step = make_step<bool>(record, parts_.clock, std::move(rule));
  const auto stored = co_await parts_.store.update(record, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  if (step.result.has_error()) co_return step.result.error();
  co_return outcome<void>{};
}

}  // namespace otpd::otp
