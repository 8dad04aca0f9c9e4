#include "auth/accounts.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

#include "auth/steps.hpp"

namespace otpd::auth {

namespace {

// Of a change that others overtake again and again.
constexpr int most_tries = 8;
constexpr otp::milliseconds retry{1000};

account new_account(std::string_view realm, otp::instant now) {
  account out;
  out.realm = realm;
  out.created = now;
  out.tokens_from = now;
  return out;
}

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

accounts::accounts(otp::store& records, const otp::clock& time, const crypto::key_ring& ring,
                   otp::entropy& random)
    : store_(records), clock_(time), random_(random), vault_(ring) {}

bool accounts::names(const account& one, const otp::record_key& address) const {
  return (!one.phone.empty() && vault_.key_of(one.realm, one.phone) == address) ||
         (!one.email.empty() && vault_.key_of(one.realm, one.email) == address);
}

account_vault::nonce accounts::fresh_nonce() {
  account_vault::nonce out{};
  random_.fill(out);
  return out;
}

task<outcome<std::optional<account>>> accounts::read(otp::record_key key) {
  const auto value = co_await store_.get(key);
  if (value.has_error()) co_return store_refusal(value.error());
  if (!value->has_value()) co_return std::optional<account>{};
  auto row = vault_.decode(key, **value);
  if (!row) co_return refusal{errc::store_unavailable};
  auto* found = std::get_if<account>(&*row);
  if (found == nullptr) co_return std::optional<account>{};
  co_return std::optional<account>(std::move(*found));
}

task<outcome<accounts::sight>> accounts::look(std::string_view realm, const otp::recipient& who) {
  sight out;
  out.own = vault_.key_of(realm, who.address);
  out.place = out.own;
  auto value = co_await store_.get(out.own);
  if (value.has_error()) co_return store_refusal(value.error());
  out.row = *std::move(value);
  if (!out.row) co_return out;
  auto row = vault_.decode(out.own, *out.row);
  if (!row) co_return refusal{errc::store_unavailable};
  if (auto* found = std::get_if<account>(&*row)) {
    out.known = std::move(*found);
    co_return out;
  }
  const otp::record_key place = std::get<account_alias>(*row).leads_to;
  auto through = co_await read(place);
  if (through.has_error()) co_return through.error();
  if (!through->has_value() || !names(**through, out.own)) co_return out;
  out.place = place;
  out.known = *std::move(through);
  co_return out;
}

task<outcome<std::optional<account>>> accounts::find(std::string_view realm, otp::recipient who) {
  auto seen = co_await look(realm, who);
  if (seen.has_error()) co_return seen.error();
  co_return std::move(seen->known);
}

task<outcome<std::optional<account>>> accounts::find_id(std::string_view id) {
  const auto key = vault_.key_of_id(id);
  if (!key) co_return std::optional<account>{};
  co_return co_await read(*key);
}

task<outcome<std::optional<account>>> accounts::write(const sight& seen, std::string_view realm,
                                                      change rule) {
  using written = std::optional<account>;
  const account_vault::nonce once = fresh_nonce();
  auto apply = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<written> {
    const otp::instant now = clock_.now().now;
    auto row = current ? vault_.decode(seen.place, *current) : std::nullopt;
    if (current && !row) return refusal{errc::store_unavailable};
    auto* found = row ? std::get_if<account>(&*row) : nullptr;
    const bool is_as_seen = found != nullptr ? names(*found, seen.own) : !seen.known && current == seen.row;
    if (!is_as_seen) return written{};
    account one = found != nullptr ? std::move(*found) : new_account(realm, now);
    if (const auto done = rule(one, now); done.has_error()) return done.error();
    out.put(seen.place, vault_.encode(seen.place, one, once), otp::never);
    one.id = vault_.id_of(seen.place);
    return written(std::move(one));
  };
  auto step = make_row_step<written>(std::move(apply));
  const auto stored = co_await store_.update(seen.place, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return std::move(step.result);
}

task<outcome<account>> accounts::prove(proof what) {
  const change rule = [what](account& one, otp::instant now) -> outcome<void> {
    if (one.disabled) return refusal{errc::account_disabled};
    const bool is_phone = what.who.channel == otp::channel::sms;
    (is_phone ? one.phone : one.email) = what.who.address;
    (is_phone ? one.phone_verified : one.email_verified) = true;
    if (what.password_hash.empty()) return {};
    one.password_hash = what.password_hash;
    one.tokens_from = now;
    return {};
  };
  for (int i = 0; i < most_tries; ++i) {
    const auto seen = co_await look(what.realm, what.who);
    if (seen.has_error()) co_return seen.error();
    if (!seen->known && !what.makes_account) co_return refusal{errc::no_account};
    auto made = co_await write(*seen, what.realm, rule);
    if (made.has_error()) co_return made.error();
    if (made->has_value()) co_return **std::move(made);
  }
  co_return refusal{errc::overloaded, retry};
}

task<outcome<bool>> accounts::claim(const sight& seen, otp::record_key to) {
  const account_alias leads{to, fresh_nonce()};
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<bool> {
    if (current != seen.row) return false;
    out.put(seen.own, vault_.encode(leads), otp::never);
    return true;
  };
  auto step = make_row_step<bool>(std::move(rule));
  const auto stored = co_await store_.update(seen.own, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return std::move(step.result);
}

task<outcome<std::optional<account>>> accounts::try_put(const account_entry& entry) {
  std::vector<sight> seen;
  for (const auto* each : {&entry.phone, &entry.email}) {
    if (!each->has_value()) continue;
    auto one = co_await look(entry.realm, **each);
    if (one.has_error()) co_return one.error();
    seen.push_back(*std::move(one));
  }
  assert(!seen.empty());
  const auto known = std::ranges::find_if(seen, [](const sight& each) { return each.known.has_value(); });
  const sight at = known != seen.end() ? *known : seen.front();
  for (const sight& each : seen) {
    if (each.known && !(each.place == at.place)) co_return refusal{errc::address_taken};
  }
  if (at.known && !fits(entry, *at.known)) co_return refusal{errc::address_taken};
  for (const sight& each : seen) {
    if (each.own == at.place || each.known) continue;
    const auto claimed = co_await claim(each, at.place);
    if (claimed.has_error()) co_return claimed.error();
    if (!*claimed) co_return std::optional<account>{};
  }
  const change rule = [&entry](account& one, otp::instant now) -> outcome<void> {
    if (!fits(entry, one)) return refusal{errc::address_taken};
    apply(entry, one, now);
    return {};
  };
  co_return co_await write(at, entry.realm, rule);
}

task<outcome<bool>> accounts::leads(const account_entry& entry, const account& one) {
  if (!entry.phone || !entry.email) co_return true;
  for (const auto* each : {&entry.phone, &entry.email}) {
    if (!each->has_value()) continue;
    const auto seen = co_await look(entry.realm, **each);
    if (seen.has_error()) co_return seen.error();
    if (!seen->known || seen->known->id != one.id) co_return false;
  }
  co_return true;
}

task<outcome<account>> accounts::put(account_entry entry) {
  for (int i = 0; i < most_tries; ++i) {
    auto made = co_await try_put(entry);
    if (made.has_error()) co_return made.error();
    if (!made->has_value()) continue;
    // Between claim and write somebody may have proven the address, and has it then.
    const auto holds = co_await leads(entry, **made);
    if (holds.has_error()) co_return holds.error();
    if (*holds) co_return **std::move(made);
  }
  co_return refusal{errc::overloaded, retry};
}

task<outcome<void>> accounts::release(otp::record_key alias, otp::record_key to) {
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<bool> {
    const auto row = current ? vault_.decode(alias, *current) : std::nullopt;
    const auto* leads = row ? std::get_if<account_alias>(&*row) : nullptr;
    if (leads != nullptr && leads->leads_to == to) out.erase(alias);
    return true;
  };
  auto step = make_row_step<bool>(std::move(rule));
  const auto stored = co_await store_.update(alias, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return outcome<void>{};
}

task<outcome<bool>> accounts::remove(std::string_view realm, otp::recipient who) {
  using removed = std::optional<account>;
  const auto seen = co_await look(realm, who);
  if (seen.has_error()) co_return seen.error();
  const otp::record_key key = seen->place;
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<removed> {
    auto row = current ? vault_.decode(key, *current) : std::nullopt;
    auto* found = row ? std::get_if<account>(&*row) : nullptr;
    if (found == nullptr || !names(*found, seen->own)) return removed{};
    out.erase(key);
    return removed(std::move(*found));
  };
  auto step = make_row_step<removed>(std::move(rule));
  const auto stored = co_await store_.update(key, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  if (step.result.has_error()) co_return step.result.error();
  const removed gone = *std::move(step.result);
  if (!gone) co_return false;
  for (const std::string* each : {&gone->phone, &gone->email}) {
    const otp::record_key alias = vault_.key_of(realm, *each);
    if (each->empty() || alias == key) continue;
    const auto released = co_await release(alias, key);
    if (released.has_error()) co_return released.error();
  }
  co_return true;
}

}  // namespace otpd::auth
