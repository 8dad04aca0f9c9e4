#include "auth/accounts.hpp"

#include <vector>

#include "auth/steps.hpp"

namespace otpd::auth {

namespace {

account new_account(std::string_view realm, otp::instant now) {
  account out;
  out.realm = realm;
  out.created = now;
  out.tokens_from = now;
  return out;
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
  co_return overtaken;
}

task<outcome<void>> accounts::renew_hash(std::string_view realm, otp::recipient who, std::string old,
                                         std::string made) {
  const auto seen = co_await look(realm, who);
  if (seen.has_error()) co_return seen.error();
  if (!seen->known) co_return outcome<void>{};
  const change rule = [&](account& one, otp::instant) -> outcome<void> {
    if (one.password_hash == old) one.password_hash = made;
    return {};
  };
  const auto written = co_await write(*seen, realm, rule);
  if (written.has_error()) co_return written.error();
  co_return outcome<void>{};
}

task<outcome<void>> accounts::release(otp::record_key alias, std::string row) {
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<bool> {
    if (current == row) out.erase(alias);
    return true;
  };
  auto step = make_row_step<bool>(std::move(rule));
  const auto stored = co_await store_.update(alias, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return outcome<void>{};
}

task<outcome<bool>> accounts::remove(std::string_view realm, otp::recipient who) {
  const auto seen = co_await look(realm, who);
  if (seen.has_error()) co_return seen.error();
  if (!seen->known) co_return false;
  const otp::record_key key = seen->place;
  // As they are before the account goes: one that is made in its place has claimed its own.
  std::vector<std::pair<otp::record_key, std::string>> aliases;
  for (const std::string* each : {&seen->known->phone, &seen->known->email}) {
    const otp::record_key alias = vault_.key_of(realm, *each);
    if (each->empty() || alias == key) continue;
    auto value = co_await store_.get(alias);
    if (value.has_error()) co_return store_refusal(value.error());
    const auto row = *value ? vault_.decode(alias, **value) : std::nullopt;
    const auto* leads = row ? std::get_if<account_alias>(&*row) : nullptr;
    if (leads != nullptr && leads->leads_to == key) aliases.emplace_back(alias, **std::move(value));
  }
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<bool> {
    auto row = current ? vault_.decode(key, *current) : std::nullopt;
    if (current && !row) return refusal{errc::store_unavailable};
    const auto* found = row ? std::get_if<account>(&*row) : nullptr;
    if (found == nullptr || !names(*found, seen->own)) return false;
    out.erase(key);
    return true;
  };
  auto step = make_row_step<bool>(std::move(rule));
  const auto stored = co_await store_.update(key, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  if (step.result.has_error() || !*step.result) co_return std::move(step.result);
  for (auto& [alias, row] : aliases) {
    const auto released = co_await release(alias, std::move(row));
    if (released.has_error()) co_return released.error();
  }
  co_return true;
}

}  // namespace otpd::auth
