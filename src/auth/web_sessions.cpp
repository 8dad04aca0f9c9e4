#include "auth/web_sessions.hpp"

#include <array>

#include "auth/steps.hpp"
#include "crypto/encoding.hpp"
#include "otp/bytes.hpp"

namespace otpd::auth {

namespace {

constexpr std::uint8_t format = 1;

std::string clear_text(const web_session& one) {
  otp::byte_writer out;
  out.text<std::uint8_t>(one.purpose);
  out.text<std::uint8_t>(one.verification);
  out.text<std::uint8_t>(one.address);
  out.text<std::uint8_t>(one.password_hash);
  out.text<std::uint8_t>(one.account);
  return out.take();
}

std::optional<web_session> from_clear_text(std::string_view clear) {
  otp::byte_reader in(clear);
  web_session one;
  one.purpose = in.text<std::uint8_t>();
  one.verification = in.text<std::uint8_t>();
  one.address = in.text<std::uint8_t>();
  one.password_hash = in.text<std::uint8_t>();
  one.account = in.text<std::uint8_t>();
  if (!in.at_end()) return std::nullopt;
  return one;
}

}  // namespace

web_sessions::web_sessions(otp::store& records, const otp::clock& time, const crypto::key_ring& ring,
                           otp::entropy& random)
    : store_(records), clock_(time), random_(random), mac_(ring.session) {}

otp::record_key web_sessions::key_of(std::string_view token) const {
  return otp::row_of_mac(otp::table::sessions, mac_.sign(std::string("session ").append(token)));
}

crypto::secret_key web_sessions::seal_key(std::string_view token) const {
  return crypto::secret_key(mac_.sign(std::string("session seal ").append(token)));
}

task<outcome<std::string>> web_sessions::begin(web_session state, std::chrono::seconds lifetime,
                                               std::string_view instead_of) {
  std::array<std::uint8_t, 24> fresh{};
  random_.fill(fresh);
  const std::string token = crypto::to_base64url(fresh);
  const otp::record_key key = key_of(token);
  // A token seals once: its session never changes, another one takes its place.
  const std::string sealed = sealer_.seal(seal_key(token).bytes(), {}, clear_text(state));
  auto rule = [&](std::optional<std::string_view>, otp::write_set& out) -> outcome<bool> {
    otp::byte_writer row;
    row.integer(format);
    row.raw(sealed);
    out.put(key, row.take(), clock_.now().now + lifetime);
    if (instead_of.size() == token_length) out.erase(key_of(instead_of));
    return true;
  };
  auto step = make_row_step<bool>(std::move(rule));
  const auto stored = co_await store_.update(key, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return token;
}

task<outcome<std::optional<web_session>>> web_sessions::find(std::string_view token) {
  if (token.size() != token_length) co_return std::optional<web_session>{};
  const auto value = co_await store_.get(key_of(token));
  if (value.has_error()) co_return store_refusal(value.error());
  if (!value->has_value()) co_return std::optional<web_session>{};
  otp::byte_reader in(**value);
  if (in.integer<std::uint8_t>() != format) co_return refusal{errc::store_unavailable};
  const auto clear = sealer_.open(seal_key(token).bytes(), {}, in.rest());
  co_return clear ? from_clear_text(*clear) : std::optional<web_session>{};
}

task<outcome<void>> web_sessions::end(std::string_view token) {
  if (token.size() != token_length) co_return outcome<void>{};
  const otp::record_key key = key_of(token);
  auto rule = [&](std::optional<std::string_view> current, otp::write_set& out) -> outcome<bool> {
    if (current) out.erase(key);
    return true;
  };
  auto step = make_row_step<bool>(std::move(rule));
  const auto stored = co_await store_.update(key, step);
  if (stored.has_error()) co_return store_refusal(stored.error());
  co_return outcome<void>{};
}

}  // namespace otpd::auth
