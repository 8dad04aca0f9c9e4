#include "auth/token_signer.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "auth/jws.hpp"
#include "crypto/hmac.hpp"
#include "json/object.hpp"
#include "json/writer.hpp"

namespace otpd::auth {

namespace {

constexpr std::string_view simple_header = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view native_type = "at+jwt";
constexpr std::string_view access_type = "access";
constexpr std::string_view refresh_type = "refresh";

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool has_text(const json::object& claims, std::string_view name, std::string_view value) {
  const auto* member = claims.find(name);
  return member != nullptr && member->kind == json::kind::string && member->text == value;
}

std::optional<std::string> text_in(const json::object& claims, std::string_view name) {
  const auto* member = claims.find(name);
  if (member == nullptr || member->kind != json::kind::string) return std::nullopt;
  return std::string(member->text);
}

// A NumericDate without a fraction.
std::optional<std::int64_t> time_in(const json::object& claims, std::string_view name) {
  const auto* member = claims.find(name);
  if (member == nullptr || member->kind != json::kind::number) return std::nullopt;
  std::int64_t out = 0;
  const auto end = member->text.data() + member->text.size();
  const auto [at, error] = std::from_chars(member->text.data(), end, out);
  if (error != std::errc() || at != end) return std::nullopt;
  return out;
}

// The claims that every style has; the account is called differently.
std::optional<token_claims> common_claims(const json::object& in, std::string_view account,
                                          std::int64_t now_s) {
  const auto expires = time_in(in, "exp");
  const auto issued = time_in(in, "iat");
  auto name = text_in(in, "jti");
  auto who = text_in(in, account);
  if (!expires || !issued || !name || !who || now_s >= *expires) return std::nullopt;
  if (in.find("nbf") != nullptr) {
    const auto begins = time_in(in, "nbf");
    if (!begins || now_s < *begins) return std::nullopt;
  }
  return token_claims{*std::move(who), *std::move(name), *issued, *expires};
}

}  // namespace

token_signer::token_signer(const token_options& options, const crypto::key_ring& ring)
    : issuer_(options.issuer), audience_(options.audience), derives_(ring.signing.bytes()) {
  for (const std::string& pem : options.private_keys)
    keys_.push_back(es256_key::from_pem(pem));
  if (keys_.empty()) keys_.push_back(es256_key::derived_from(ring.signing));
  if (!keys_.front().can_sign()) throw std::invalid_argument("the first key is a public one and cannot sign");
}

std::string token_signer::secret_of(const token_policy& by) const {
  if (!by.secret.empty()) return by.secret;
  const auto derived = crypto::hmac(crypto::hash::sha256, text_of(derives_.bytes()), "hs256 " + by.name);
  return std::string(text_of(derived));
}

std::string token_signer::write_simple(std::string_view type, const token_claims& claims,
                                       const token_policy& by) const {
  std::string payload;
  json::writer json(payload);
  json.text("token_type", type);
  json.number("exp", claims.expires_s);
  json.number("iat", claims.issued_s);
  json.text("jti", claims.name);
  json.text("user_id", claims.account);
  json.end();
  return sign_hs256(simple_header, payload, secret_of(by));
}

std::string token_signer::access(const token_claims& claims, const token_policy& by) const {
  if (by.style == token_style::simplejwt) return write_simple(access_type, claims, by);
  std::string header, payload;
  json::writer head(header);
  head.text("alg", "ES256");
  head.text("kid", keys_.front().kid());
  head.text("typ", native_type);
  head.end();
  json::writer json(payload);
  json.text("iss", issuer_);
  json.text("aud", audience_);
  json.text("sub", claims.account);
  json.number("exp", claims.expires_s);
  json.number("iat", claims.issued_s);
  json.text("jti", claims.name);
  json.end();
  return keys_.front().sign(header, payload);
}

std::string token_signer::refresh(const token_claims& claims, const token_policy& by) const {
  return write_simple(refresh_type, claims, by);
}

std::optional<token_claims> token_signer::read_simple(std::string_view type, std::string_view token,
                                                      const token_policy& by, std::int64_t now_s) const {
  const auto signed_text = read_jws(token);
  if (!signed_text || signed_text->typ != "JWT" || !is_signed_hs256(*signed_text, secret_of(by)))
    return std::nullopt;
  json::object claims;
  if (claims.parse(signed_text->payload) != json::object::fault::none) return std::nullopt;
  if (!has_text(claims, "token_type", type)) return std::nullopt;
  return common_claims(claims, "user_id", now_s);
}

std::optional<token_claims> token_signer::read_native(std::string_view token, std::int64_t now_s) const {
  const auto signed_text = read_jws(token);
  if (!signed_text || signed_text->typ != native_type) return std::nullopt;
  const auto key = std::ranges::find(keys_, signed_text->kid, &es256_key::kid);
  if (key == keys_.end() || !key->has_signed(*signed_text)) return std::nullopt;
  json::object claims;
  if (claims.parse(signed_text->payload) != json::object::fault::none) return std::nullopt;
  if (!has_text(claims, "iss", issuer_) || !has_text(claims, "aud", audience_)) return std::nullopt;
  return common_claims(claims, "sub", now_s);
}

std::optional<token_claims> token_signer::read_access(std::string_view token, const token_policy& by,
                                                      std::int64_t now_s) const {
  return by.style == token_style::native ? read_native(token, now_s)
                                         : read_simple(access_type, token, by, now_s);
}

std::optional<token_claims> token_signer::read_refresh(std::string_view token, const token_policy& by,
                                                       std::int64_t now_s) const {
  return read_simple(refresh_type, token, by, now_s);
}

std::string token_signer::jwks() const {
  std::string out = R"({"keys":[)";
  for (const es256_key& each : keys_) {
    if (&each != &keys_.front()) out += ',';
    out += each.jwk();
  }
  return out + "]}";
}

}  // namespace otpd::auth
