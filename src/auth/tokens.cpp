#include "auth/tokens.hpp"

#include <algorithm>

#include "auth/steps.hpp"
#include "crypto/encoding.hpp"

namespace otpd::auth {

tokens::tokens(const token_parts& parts, const crypto::key_ring& ring, accounts& people, otp::entropy& random)
    : parts_(parts), people_(people), random_(random), names_(ring) {}

std::optional<token_name> tokens::name_in(std::string_view refresh_token, const token_policy& by) {
  std::optional<token_name> name;
  if (by.style == token_style::native) {
    name = names_.from_opaque(refresh_token);
  } else if (const auto claims =
                 parts_.signer.read_refresh(refresh_token, by, unix_s(parts_.clock.now().now))) {
    name = names_.from_hex(claims->name);
  }
  return name && name->kind == token_kind::refresh ? name : std::nullopt;
}

token_pair tokens::pair_of(const token_name& refresh, const token_family& family, const token_policy& by) {
  token_claims claims;
  claims.account = crypto::to_uuid_text(family.account);
  claims.issued_s = family.issued_s;
  token_pair out;
  out.access_lifetime = by.access_lifetime;
  token_name access = refresh;
  access.kind = token_kind::access;
  claims.name = names_.to_hex(access);
  claims.expires_s = claims.issued_s + by.access_lifetime.count();
  out.access = parts_.signer.access(claims, by);
  if (by.style == token_style::native) {
    out.refresh = names_.to_opaque(refresh);
    return out;
  }
  claims.name = names_.to_hex(refresh);
  const auto lives = std::chrono::floor<std::chrono::seconds>(expires_at(family, by) - family.rotated);
  claims.expires_s = claims.issued_s + lives.count();
  out.refresh = parts_.signer.refresh(claims, by);
  return out;
}

task<outcome<token_pair>> tokens::begin(account of, const token_policy& by) {
  const auto id = crypto::from_uuid_text(of.id);
  if (!id || of.disabled) co_return refusal{errc::account_disabled};
  token_name name{token_kind::refresh, {}, 1, {}};
  random_.fill(name.family);
  const otp::record_key row = names_.row_of(name);
  auto rule = [&](std::optional<std::string_view>, otp::write_set& out) -> outcome<token_family> {
    const otp::moment at = parts_.clock.now();
    token_family family{*id,     by.name, 1, at.now, at.now, unix_s(at.now), at.now + by.family_lifetime,
                        at.epoch};
    out.put(row, encode(family), expires_at(family, by));
    return family;
  };
  auto step = make_row_step<token_family>(std::move(rule));
  const auto stored = co_await parts_.store.update(row, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return pair_of(name, *step.result, by);
}

std::string tokens::access_token(const account& of, const token_policy& by) {
  const otp::instant now = parts_.clock.now().now;
  std::array<std::uint8_t, 3> random{};
  random_.fill(random);
  token_claims claims;
  claims.account = of.id;
  claims.name = names_.to_hex(names_.alone(random, now, of.id));
  claims.issued_s = unix_s(now);
  claims.expires_s = claims.issued_s + by.access_lifetime.count();
  return parts_.signer.access(claims, by);
}

task<outcome<token_family>> tokens::read_family(token_name name, const token_policy& by) {
  const auto value = co_await parts_.store.get(names_.row_of(name));
  if (value.has_error()) co_return store_refusal(value.error());
  if (!value->has_value()) co_return refusal{errc::invalid_token};
  auto family = decode_family(**value);
  if (!family) co_return refusal{errc::store_unavailable};
  if (family->policy != by.name || family->epoch != parts_.clock.now().epoch)
    co_return refusal{errc::invalid_token};
  co_return *std::move(family);
}

task<outcome<account>> tokens::account_of(std::string id, otp::instant began) {
  auto found = co_await people_.find_id(id);
  if (found.has_error()) co_return found.error();
  if (!found->has_value()) co_return refusal{errc::invalid_token};
  if ((*found)->disabled) co_return refusal{errc::account_disabled};
  if (began < (*found)->tokens_from) co_return refusal{errc::invalid_token};
  co_return **std::move(found);
}

task<outcome<token_pair>> tokens::refresh(std::string_view token, const token_policy& by) {
  const auto name = name_in(token, by);
  if (!name) co_return refusal{errc::invalid_token};
  const auto seen = co_await read_family(*name, by);
  if (seen.has_error()) co_return seen.error();
  const auto owner = co_await account_of(crypto::to_uuid_text(seen->account), seen->began);
  if (owner.has_error()) co_return owner.error();
  const otp::record_key row = names_.row_of(*name);
  bool is_alive = false;
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<token_family> {
    is_alive = false;
    auto family = current ? decode_family(*current) : std::nullopt;
    if (current && !family) return refusal{errc::store_unavailable};
    if (!family) return refusal{errc::invalid_token};
    const otp::moment at = parts_.clock.now();
    const rotation what = rotate(*family, name->generation, by, at);
    is_alive = what != rotation::kill;
    if (what == rotation::next) {
      family->issued_s = unix_s(at.now);
      out.put(row, encode(*family), expires_at(*family, by));
    }
    if (what == rotation::kill) out.erase(row);
    return *family;
  };
  auto step = make_row_step<token_family>(std::move(rule));
  const auto stored = co_await parts_.store.update(row, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  if (step.result.has_error()) co_return step.result.error();
  if (!is_alive) co_return refusal{errc::invalid_token};
  token_name next = *name;
  next.generation = step.result->generation;
  co_return pair_of(next, *step.result, by);
}

task<outcome<void>> tokens::revoke(std::string_view token, const token_policy& by) {
  const auto name = name_in(token, by);
  if (!name) co_return outcome<void>{};
  const otp::record_key row = names_.row_of(*name);
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<bool> {
    const auto family = current ? decode_family(*current) : std::nullopt;
    if (family && family->policy == by.name) out.erase(row);
    return true;
  };
  auto step = make_row_step<bool>(std::move(rule));
  const auto stored = co_await parts_.store.update(row, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return outcome<void>{};
}

task<outcome<bearer>> tokens::authenticate(std::string_view token, const token_policy& by) {
  const auto claims = parts_.signer.read_access(token, by, unix_s(parts_.clock.now().now));
  if (!claims) co_return refusal{errc::invalid_token};
  const auto name = names_.from_hex(claims->name);
  if (!name || name->kind == token_kind::refresh) co_return refusal{errc::invalid_token};
  otp::instant began = name->issued;
  // Others may know an HS256 secret; whose a token is, and since when, they cannot change.
  if (name->kind == token_kind::alone) {
    std::array<std::uint8_t, 3> random{};
    std::copy_n(name->family.begin(), random.size(), random.begin());
    const bool is_theirs = names_.alone(random, began, claims->account) == *name;
    const bool is_over = parts_.clock.now().now >= began + by.access_lifetime;
    if (!is_theirs || is_over) co_return refusal{errc::invalid_token};
  } else {
    const auto family = co_await read_family(*name, by);
    if (family.has_error()) co_return family.error();
    if (claims->account != crypto::to_uuid_text(family->account)) co_return refusal{errc::invalid_token};
    began = family->began;
  }
  auto owner = co_await account_of(claims->account, began);
  if (owner.has_error()) co_return owner.error();
  bearer out{*std::move(owner), *claims};
  co_return out;
}

}  // namespace otpd::auth
