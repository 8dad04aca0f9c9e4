#include "auth/accounts.hpp"

#include "auth/steps.hpp"

namespace otpd::auth {

namespace {

std::string& address_of(account& one, otp::channel channel) {
  return channel == otp::channel::sms ? one.phone : one.email;
}

account new_account(std::string_view realm, otp::instant now) {
  account out;
  out.realm = realm;
  out.created = now;
  out.tokens_from = now;
  return out;
}

// What already leads to the account stays: nobody else can have had it meanwhile.
bool apply(const account_entry& entry, account& to, otp::instant now) {
  if (entry.phone && !to.phone.empty() && to.phone != entry.phone->address) return false;
  if (entry.email && !to.email.empty() && to.email != entry.email->address) return false;
  if (entry.phone) to.phone = entry.phone->address;
  if (entry.email) to.email = entry.email->address;
  if (entry.phone_verified) to.phone_verified = *entry.phone_verified;
  if (entry.email_verified) to.email_verified = *entry.email_verified;
  if (entry.disabled) to.disabled = *entry.disabled;
  if (to.disabled) to.tokens_from = now;
  return true;
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

task<outcome<std::optional<accounts::located>>> accounts::read(otp::record_key key) {
  const auto value = co_await store_.get(key);
  if (value.has_error()) co_return store_refusal(value.error());
  if (!value->has_value()) co_return std::optional<located>{};
  auto row = vault_.decode(key, **value);
  if (!row) co_return refusal{errc::store_unavailable};
  auto* found = std::get_if<account>(&*row);
  if (found == nullptr) co_return std::optional<located>{};
  located out{key, std::move(*found)};
  co_return std::optional<located>(std::move(out));
}

task<outcome<std::optional<accounts::located>>> accounts::locate(std::string_view realm,
                                                                 const otp::recipient& who) {
  const otp::record_key key = vault_.key_of(realm, who.address);
  const auto value = co_await store_.get(key);
  if (value.has_error()) co_return store_refusal(value.error());
  if (!value->has_value()) co_return std::optional<located>{};
  auto row = vault_.decode(key, **value);
  if (!row) co_return refusal{errc::store_unavailable};
  if (auto* found = std::get_if<account>(&*row)) {
    located out{key, std::move(*found)};
    co_return std::optional<located>(std::move(out));
  }
  auto through = co_await read(std::get<account_alias>(*row).leads_to);
  if (through.has_error()) co_return through.error();
  // An alias that its account does not name is what an interrupted change has left.
  if (through->has_value() && !names((*through)->account, key)) co_return std::optional<located>{};
  co_return std::move(through);
}

task<outcome<std::optional<account>>> accounts::find(std::string_view realm, otp::recipient who) {
  auto found = co_await locate(realm, who);
  if (found.has_error()) co_return found.error();
  if (!found->has_value()) co_return std::optional<account>{};
  co_return std::optional<account>(std::move((*found)->account));
}

task<outcome<std::optional<account>>> accounts::find_id(std::string_view id) {
  const auto key = vault_.key_of_id(id);
  if (!key) co_return std::optional<account>{};
  auto found = co_await read(*key);
  if (found.has_error()) co_return found.error();
  if (!found->has_value()) co_return std::optional<account>{};
  co_return std::optional<account>(std::move((*found)->account));
}

task<outcome<account>> accounts::prove(proof what) {
  const auto known = co_await locate(what.realm, what.who);
  if (known.has_error()) co_return known.error();
  const otp::record_key key =
      known->has_value() ? (*known)->key : vault_.key_of(what.realm, what.who.address);
  const account_vault::nonce once = fresh_nonce();
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<account> {
    const otp::instant now = clock_.now().now;
    auto row = current ? vault_.decode(key, *current) : std::nullopt;
    if (current && !row) return refusal{errc::store_unavailable};
    account* found = row ? std::get_if<account>(&*row) : nullptr;
    if (found == nullptr && !what.makes_account) return refusal{errc::no_account};
    account one = found != nullptr ? std::move(*found) : new_account(what.realm, now);
    if (one.disabled) return refusal{errc::account_disabled};
    address_of(one, what.who.channel) = what.who.address;
    (what.who.channel == otp::channel::sms ? one.phone_verified : one.email_verified) = true;
    if (!what.password_hash.empty()) {
      one.password_hash = what.password_hash;
      one.tokens_from = now;
    }
    out.put(key, vault_.encode(key, one, once), otp::never);
    one.id = vault_.id_of(key);
    return one;
  };
  auto step = make_row_step<account>(std::move(rule));
  const auto stored = co_await store_.update(key, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return std::move(step.result);
}

task<outcome<otp::record_key>> accounts::place_of(const account_entry& entry) {
  std::optional<otp::record_key> place;
  for (const auto* each : {&entry.phone, &entry.email}) {
    if (!each->has_value()) continue;
    const auto known = co_await locate(entry.realm, **each);
    if (known.has_error()) co_return known.error();
    if (!known->has_value()) continue;
    if (place && !(*place == (*known)->key)) co_return refusal{errc::address_taken};
    place = (*known)->key;
  }
  if (!place) place = vault_.key_of(entry.realm, (entry.phone ? *entry.phone : *entry.email).address);
  co_return *place;
}

task<outcome<void>> accounts::claim(otp::record_key alias, otp::record_key to) {
  // Whatever else stands there now is nobody's: place_of() has seen to it. If that changed meanwhile, it is
  // not.
  const auto seen = co_await store_.get(alias);
  if (seen.has_error()) co_return store_refusal(seen.error());
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<bool> {
    const bool is_changed = current.has_value() != seen->has_value() || (current && *current != **seen);
    if (is_changed) return refusal{errc::address_taken};
    const account_alias leads{to};
    out.put(alias, vault_.encode(leads), otp::never);
    return true;
  };
  auto step = make_row_step<bool>(std::move(rule));
  const auto stored = co_await store_.update(alias, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  if (step.result.has_error()) co_return step.result.error();
  co_return outcome<void>{};
}

task<outcome<account>> accounts::put(account_entry entry) {
  const auto place = co_await place_of(entry);
  if (place.has_error()) co_return place.error();
  const otp::record_key key = *place;
  for (const auto* each : {&entry.phone, &entry.email}) {
    if (!each->has_value()) continue;
    const otp::record_key own = vault_.key_of(entry.realm, (*each)->address);
    if (own == key) continue;
    const auto claimed = co_await claim(own, key);
    if (claimed.has_error()) co_return claimed.error();
  }
  const account_vault::nonce once = fresh_nonce();
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<account> {
    const otp::instant now = clock_.now().now;
    auto row = current ? vault_.decode(key, *current) : std::nullopt;
    if (current && !row) return refusal{errc::store_unavailable};
    account* found = row ? std::get_if<account>(&*row) : nullptr;
    account one = found != nullptr ? std::move(*found) : new_account(entry.realm, now);
    if (!apply(entry, one, now)) return refusal{errc::address_taken};
    out.put(key, vault_.encode(key, one, once), otp::never);
    one.id = vault_.id_of(key);
    return one;
  };
  auto step = make_row_step<account>(std::move(rule));
  const auto stored = co_await store_.update(key, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return std::move(step.result);
}

task<outcome<bool>> accounts::remove(std::string_view realm, otp::recipient who) {
  const auto known = co_await locate(realm, who);
  if (known.has_error()) co_return known.error();
  if (!known->has_value()) co_return false;
  const otp::record_key key = (*known)->key;
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<bool> {
    auto row = current ? vault_.decode(key, *current) : std::nullopt;
    const account* found = row ? std::get_if<account>(&*row) : nullptr;
    if (found == nullptr) return false;
    out.erase(key);
    for (const std::string* each : {&found->phone, &found->email}) {
      if (!each->empty()) out.erase(vault_.key_of(found->realm, *each));
    }
    return true;
  };
  auto step = make_row_step<bool>(std::move(rule));
  const auto stored = co_await store_.update(key, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return std::move(step.result);
}

}  // namespace otpd::auth
