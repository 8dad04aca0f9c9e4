#include "auth/account_vault.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "otp/bytes.hpp"

namespace otpd::auth {

namespace {

constexpr std::uint8_t account_format = 1;
constexpr std::uint8_t alias_format = 2;
constexpr std::uint8_t phone_flag = 1;
constexpr std::uint8_t email_flag = 2;
constexpr std::uint8_t disabled_flag = 4;

std::string_view text(std::span<const std::uint8_t> raw) {
  return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

crypto::secret_key derived(const crypto::secret_key& from, std::string_view label) {
  return crypto::secret_key(crypto::mac_key(from).sign(label));
}

std::string clear_text(const account& one) {
  otp::byte_writer out;
  out.moment(one.created);
  out.moment(one.tokens_from);
  const int flags = (one.phone_verified ? phone_flag : 0) | (one.email_verified ? email_flag : 0) |
                    (one.disabled ? disabled_flag : 0);
  out.integer(static_cast<std::uint8_t>(flags));
  out.text<std::uint8_t>(one.realm);
  out.text<std::uint8_t>(one.phone);
  out.text<std::uint8_t>(one.email);
  out.text<std::uint8_t>(one.password_hash);
  return out.take();
}

std::optional<account> from_clear_text(std::string_view clear) {
  otp::byte_reader in(clear);
  account one;
  one.created = in.moment();
  one.tokens_from = in.moment();
  const auto flags = in.integer<std::uint8_t>();
  one.phone_verified = (flags & phone_flag) != 0;
  one.email_verified = (flags & email_flag) != 0;
  one.disabled = (flags & disabled_flag) != 0;
  one.realm = in.text<std::uint8_t>();
  one.phone = in.text<std::uint8_t>();
  one.email = in.text<std::uint8_t>();
  one.password_hash = in.text<std::uint8_t>();
  const bool has_other_flags = (flags & ~(phone_flag | email_flag | disabled_flag)) != 0;
  if (!in.at_end() || has_other_flags) return std::nullopt;
  return one;
}

}  // namespace

std::string folded_address(std::string_view address) {
  std::string out(address);
  for (char& c : out)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

account_vault::account_vault(const crypto::key_ring& ring)
    : mac_(ring.account), ids_(derived(ring.account, "id")) {}

otp::record_key account_vault::key_of(std::string_view realm, std::string_view address) const {
  const std::string what = std::string("key ").append(realm).append(1, '\0') + folded_address(address);
  return otp::row_of_mac(otp::table::accounts, mac_.sign(what));
}

std::string account_vault::id_of(const otp::record_key& key) {
  return crypto::to_uuid_text(ids_.encrypt(key.bytes));
}

std::optional<otp::record_key> account_vault::key_of_id(std::string_view id) {
  const auto sealed = crypto::from_uuid_text(id);
  if (!sealed || crypto::to_uuid_text(*sealed) != id) return std::nullopt;
  return otp::record_key{otp::table::accounts, ids_.decrypt(*sealed)};
}

crypto::secret_key account_vault::seal_key(const otp::record_key& key) const {
  return crypto::secret_key(mac_.sign(std::string("seal ").append(text(key.bytes))));
}

std::string account_vault::encode(const otp::record_key& key, const account& one, const nonce& once) {
  otp::byte_writer out;
  out.integer(account_format);
  out.raw(text(once));
  out.raw(sealer_.seal(seal_key(key).bytes(), once, clear_text(one)));
  return out.take();
}

std::string account_vault::encode(const account_alias& one) const {
  otp::byte_writer out;
  out.integer(alias_format);
  out.raw(text(one.leads_to.bytes));
  out.raw(text(one.once));
  return out.take();
}

std::optional<account_row> account_vault::decode(const otp::record_key& key, std::string_view value) {
  otp::byte_reader in(value);
  const auto format = in.integer<std::uint8_t>();
  if (format == alias_format) {
    account_alias alias{{otp::table::accounts, {}}, {}};
    const std::string_view place = in.raw(alias.leads_to.bytes.size());
    const std::string_view once = in.raw(alias.once.size());
    if (!in.at_end()) return std::nullopt;
    std::ranges::copy(place, alias.leads_to.bytes.begin());
    std::ranges::copy(once, alias.once.begin());
    return alias;
  }
  if (format != account_format) return std::nullopt;
  nonce once{};
  const std::string_view raw = in.raw(once.size());
  if (!in.ok()) return std::nullopt;
  std::ranges::copy(raw, once.begin());
  const auto clear = sealer_.open(seal_key(key).bytes(), once, in.rest());
  auto one = clear ? from_clear_text(*clear) : std::nullopt;
  if (!one) return std::nullopt;
  one->id = id_of(key);
  return *std::move(one);
}

}  // namespace otpd::auth
