// accounts::put(): an account with two addresses is two rows, and a step sees one of them. So:
//
//   1. claim   the further address's row leads to the account's place
//   2. write   the account names the address: it has it from now on
//   3. claim   again, in other bytes: whoever looked before 2 and took the address for free finds it changed
//
// Interrupted after 1 the address is free, after 2 everything is done. Where somebody else has the address by
// 3, the account gives up the name.

#include <algorithm>
#include <cassert>
#include <vector>

#include "auth/accounts.hpp"
#include "auth/steps.hpp"

namespace otpd::auth {

namespace {

bool is_same(const std::string& a, const std::string& b) {
  return folded_address(a) == folded_address(b);
}

// False: the account has another address of that kind.
bool fits(const account_entry& entry, const account& to) {
  return (!entry.phone || to.phone.empty() || is_same(to.phone, entry.phone->address)) &&
         (!entry.email || to.email.empty() || is_same(to.email, entry.email->address));
}

void apply(const account_entry& entry, account& to, otp::instant now) {
  if (entry.phone) to.phone = entry.phone->address;
  if (entry.email) to.email = entry.email->address;
  if (entry.phone_verified) to.phone_verified = *entry.phone_verified;
  if (entry.email_verified) to.email_verified = *entry.email_verified;
  if (entry.disabled) to.disabled = *entry.disabled;
  // What began within this very millisecond, too.
  if (to.disabled) to.tokens_from = now + otp::milliseconds(1);
}

}  // namespace

task<outcome<bool>> accounts::claim(sight& seen, otp::record_key to) {
  const account_alias leads{to, fresh_nonce()};
  const std::string row = vault_.encode(leads);
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<bool> {
    if (current != seen.row) return false;
    out.put(seen.own, row, otp::never);
    return true;
  };
  auto step = make_row_step<bool>(std::move(rule));
  const auto stored = co_await store_.update(seen.own, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  if (step.result.has_value() && *step.result) seen.row = row;
  co_return std::move(step.result);
}

task<outcome<std::vector<accounts::sight>>> accounts::look_at_all(const account_entry& entry) {
  std::vector<sight> out;
  for (const auto* each : {&entry.phone, &entry.email}) {
    if (!each->has_value()) continue;
    auto one = co_await look(entry.realm, **each);
    if (one.has_error()) co_return one.error();
    out.push_back(*std::move(one));
  }
  assert(!out.empty());
  co_return std::move(out);
}

task<outcome<std::optional<account>>> accounts::try_put(const account_entry& entry) {
  auto all = co_await look_at_all(entry);
  if (all.has_error()) co_return all.error();
  const auto known = std::ranges::find_if(*all, [](const sight& each) { return each.known.has_value(); });
  const sight at = known != all->end() ? *known : all->front();
  const bool is_anothers =
      std::ranges::any_of(*all, [&at](const sight& each) { return each.known && !(each.place == at.place); });
  if (is_anothers || (at.known && !fits(entry, *at.known))) co_return refusal{errc::address_taken};
  std::erase_if(*all, [&at](const sight& each) { return each.known || each.own == at.place; });
  for (sight& each : *all) {
    const auto claimed = co_await claim(each, at.place);
    if (claimed.has_error()) co_return claimed.error();
    if (!*claimed) co_return std::optional<account>{};
  }
  const change rule = [&entry](account& one, otp::instant now) -> outcome<void> {
    if (!fits(entry, one)) return refusal{errc::address_taken};
    apply(entry, one, now);
    return {};
  };
  auto made = co_await write(at, entry.realm, rule);
  if (made.has_error() || !made->has_value()) co_return std::move(made);
  for (sight& each : *all) {
    const auto claimed = co_await claim(each, at.place);
    if (claimed.has_error()) co_return claimed.error();
    if (*claimed) continue;
    const auto given_up = co_await give_up(at.place, each.own);
    if (given_up.has_error()) co_return given_up.error();
    co_return std::optional<account>{};
  }
  co_return std::move(made);
}

task<outcome<void>> accounts::give_up(otp::record_key place, otp::record_key address) {
  for (int i = 0; i < most_tries; ++i) {
    const auto before = co_await store_.get(place);
    if (before.has_error()) co_return store_refusal(before.error());
    const auto row = co_await store_.get(address);
    if (row.has_error()) co_return store_refusal(row.error());
    const auto stands = *row ? vault_.decode(address, **row) : std::nullopt;
    const auto* leads = stands ? std::get_if<account_alias>(&*stands) : nullptr;
    if (leads != nullptr && leads->leads_to == place) co_return outcome<void>{};
    const account_vault::nonce once = fresh_nonce();
    auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<bool> {
      // Whoever has put the address there since has written the account, too.
      if (current != *before) return false;
      auto found = current ? vault_.decode(place, *current) : std::nullopt;
      auto* one = found ? std::get_if<account>(&*found) : nullptr;
      if (one == nullptr) return true;
      if (vault_.key_of(one->realm, one->phone) == address) one->phone.clear(), one->phone_verified = false;
      if (vault_.key_of(one->realm, one->email) == address) one->email.clear(), one->email_verified = false;
      out.put(place, vault_.encode(place, *one, once), otp::never);
      return true;
    };
    auto step = make_row_step<bool>(std::move(rule));
    const auto stored = co_await store_.update(place, step);
    if (stored.has_error()) co_return store_refusal(stored.error());
    if (step.result.has_error()) co_return step.result.error();
    if (*step.result) break;
  }
  co_return outcome<void>{};
}

task<outcome<account>> accounts::put(account_entry entry) {
  for (int i = 0; i < most_tries; ++i) {
    auto made = co_await try_put(entry);
    if (made.has_error()) co_return made.error();
    if (made->has_value()) co_return **std::move(made);
  }
  co_return overtaken;
}

}  // namespace otpd::auth
