#include "auth/jws.hpp"

#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"
#include "crypto/secret.hpp"
#include "json/object.hpp"

namespace otpd::auth {

namespace {

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::optional<std::string> decoded(std::string_view segment) {
  const auto raw = crypto::from_base64url(segment);
  if (!raw) return std::nullopt;
  return std::string(raw->begin(), raw->end());
}

// An absent member is empty; one of another kind than text fits nothing.
bool read_member(const json::object& header, std::string_view name, std::string& into) {
  const auto* member = header.find(name);
  if (member == nullptr) return true;
  if (member->kind != json::kind::string) return false;
  into = member->text;
  return true;
}

}  // namespace

std::optional<jws> read_jws(std::string_view text) {
  if (text.size() > max_jws) return std::nullopt;
  const auto first = text.find('.');
  const auto second = first == text.npos ? first : text.find('.', first + 1);
  if (second == text.npos || text.find('.', second + 1) != text.npos) return std::nullopt;
  const auto header_text = decoded(text.substr(0, first));
  auto payload = decoded(text.substr(first + 1, second - first - 1));
  auto signature = crypto::from_base64url(text.substr(second + 1));
  json::object header;
  if (!header_text || !payload || !signature || header.parse(*header_text) != json::object::fault::none)
    return std::nullopt;
  jws out;
  if (header.find("crit") != nullptr || !read_member(header, "alg", out.alg) ||
      !read_member(header, "kid", out.kid) || !read_member(header, "typ", out.typ)) {
    return std::nullopt;
  }
  out.signed_part = text.substr(0, second);
  out.payload = *std::move(payload);
  out.signature = *std::move(signature);
  return out;
}

std::string unsigned_jws(std::string_view header, std::string_view payload) {
  return crypto::to_base64url(bytes(header)) + '.' + crypto::to_base64url(bytes(payload));
}

std::string append_signature(std::string unsigned_text, const std::vector<std::uint8_t>& signature) {
  return std::move(unsigned_text) + '.' + crypto::to_base64url(signature);
}

std::string sign_hs256(std::string_view header, std::string_view payload, std::string_view secret) {
  std::string text = unsigned_jws(header, payload);
  const auto mac = crypto::hmac(crypto::hash::sha256, secret, text);
  return append_signature(std::move(text), mac);
}

bool is_signed_hs256(const jws& what, std::string_view secret) {
  if (what.alg != "HS256") return false;
  return crypto::constant_time_equal(what.signature,
                                     crypto::hmac(crypto::hash::sha256, secret, what.signed_part));
}

}  // namespace otpd::auth
