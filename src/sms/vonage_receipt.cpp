#include "sms/vonage_receipt.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <stdexcept>

#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"
#include "crypto/secret.hpp"
#include "sms/escape.hpp"
#include "sms/receipt_proof.hpp"

namespace otpd::sms {

namespace json = boost::json;

namespace {

constexpr std::size_t shortest_token = 22;  // 128 bits of base64url

// A flat object's members as fields; nothing if it is anything else.
std::optional<net::form> fields_of_json(std::string_view body) {
  boost::system::error_code ec;
  const json::value root = json::parse(body, ec);
  if (ec || !root.is_object() || root.get_object().size() > net::max_form_fields) return std::nullopt;
  net::form out;
  for (const auto& [name, value] : root.get_object()) {
    if (value.is_structured() || value.is_null() || value.is_double()) return std::nullopt;
    const json::string* text = value.if_string();
    out.push_back({std::string{name},
                   text != nullptr ? std::string{text->data(), text->size()} : json::serialize(value)});
  }
  return out;
}

std::optional<net::form> fields_of(const net::request& in) {
  if (in.method == net::method::get) return net::parse_form(in.query);
  if (in.method != net::method::post) return std::nullopt;
  const escape kind = escape_for(in.field_value("Content-Type"));
  if (kind == escape::json) return fields_of_json(in.body);
  return kind == escape::percent ? net::parse_form(in.body) : std::nullopt;
}

// Sorts `fields` by name; false if one appears twice, which Vonage never sends.
bool sort_distinct(net::form& fields) {
  std::ranges::sort(fields, {}, &net::form_field::name);
  return std::ranges::adjacent_find(fields, {}, &net::form_field::name) == fields.end();
}

std::string text_to_sign(const net::form& sorted) {
  std::string out;
  for (const net::form_field& each : sorted) {
    if (each.name == "sig") continue;
    out.append("&").append(each.name).append("=");
    std::ranges::replace_copy_if(
        each.value, std::back_inserter(out), [](char c) { return c == '&' || c == '='; }, '_');
  }
  return out;
}

std::string_view value_of(const net::form& fields, std::string_view name) noexcept {
  const std::string* found = net::find_only(fields, name);
  return found != nullptr ? std::string_view{*found} : std::string_view{};
}

// That the callback was made for this reference.
bool has_token(const net::request& in, std::string_view reference) {
  const auto query = net::parse_form(in.query);
  return query && reference.size() >= shortest_token && equal_secrets(value_of(*query, "token"), reference);
}

otp::delivery state_of(std::string_view status) noexcept {
  if (status == "delivered") return otp::delivery::delivered;
  const bool is_failure = status == "failed" || status == "rejected" || status == "expired";
  return is_failure ? otp::delivery::failed : otp::delivery::sent;
}

}  // namespace

vonage_receipt::vonage_receipt(const vonage_receipt_options& options) : secret_(options.signature_secret) {
  constexpr std::array<std::string_view, 5> names{"md5hash", "md5", "sha1", "sha256", "sha512"};
  const auto found = std::ranges::find(names, options.signature_method);
  if (found == names.end())
    throw std::invalid_argument("signature_method: is none of md5hash, md5, sha1, sha256, sha512");
  method_ = static_cast<method>(found - names.begin());
}

std::vector<std::uint8_t> vonage_receipt::sign(std::string_view text) const {
  switch (method_) {
    case method::md5hash:
      return crypto::digest_of(crypto::hash::md5, std::string{text} + secret_);
    case method::md5:
      return crypto::hmac(crypto::hash::md5, secret_, text);
    case method::sha1:
      return crypto::hmac(crypto::hash::sha1, secret_, text);
    case method::sha256:
      return crypto::hmac(crypto::hash::sha256, secret_, text);
    case method::sha512:
      break;
  }
  return crypto::hmac(crypto::hash::sha512, secret_, text);
}

boost::system::result<void> vonage_receipt::prove(const net::form& fields,
                                                  std::chrono::sys_seconds now) const {
  const auto made = sign(text_to_sign(fields));
  std::vector<std::uint8_t> given(made.size());
  if (!crypto::from_hex(value_of(fields, "sig"), given) || !crypto::constant_time_equal(given, made))
    return receipt_errc::forged;
  if (!is_fresh(value_of(fields, "timestamp"), now)) return receipt_errc::stale;
  return {};
}

boost::system::result<receipt> vonage_receipt::read(const net::request& in,
                                                    std::chrono::sys_seconds now) const {
  auto fields = fields_of(in);
  if (!fields || !sort_distinct(*fields)) return receipt_errc::malformed;
  if (!secret_.empty()) {
    const auto proven = prove(*fields, now);
    if (!proven) return proven.error();
  } else if (!has_token(in, value_of(*fields, "client-ref"))) {
    return receipt_errc::forged;
  }
  const std::string* status = net::find_only(*fields, "status");
  if (status == nullptr) return receipt_errc::malformed;
  return receipt_of(net::find_only(*fields, "client-ref"), state_of(*status));
}

}  // namespace otpd::sms
