#include "sms/http_auth.hpp"

#include <algorithm>
#include <array>

#include "crypto/encoding.hpp"
#include "net/ascii.hpp"
#include "net/field_syntax.hpp"
#include "sms/webhook_signature.hpp"

namespace otpd::sms {

namespace {

// The client writes these itself, or framing depends on them.
constexpr std::array<std::string_view, 9> reserved_fields = {
    "host", "content-length", "transfer-encoding", "connection", "upgrade", "content-type", "expect",
    "te",   "user-agent"};

bool is_reserved(std::string_view name) noexcept {
  return std::any_of(reserved_fields.begin(), reserved_fields.end(),
                     [name](std::string_view each) { return net::equal_without_case(each, name); });
}

// RFC 6265, section 4.1.1.
bool is_cookie_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
  });
}

option_check fault_of_key(const http_auth_options& o) {
  if (o.key_name.empty() && o.key.empty()) return std::nullopt;
  if (o.key_name.empty()) return option_fault{"auth.key_name", "is missing; key needs it"};
  if (o.key.empty()) return option_fault{"auth.key", "is missing; key_name needs it"};
  if (!net::is_token(o.key_name)) return option_fault{"auth.key_name", "must be a token"};
  const bool is_header = o.key_in == key_place::header;
  if (is_header && is_reserved(o.key_name)) return option_fault{"auth.key_name", "is set by otpd itself"};
  if (is_header ? !net::is_field_value(o.key) : !is_cookie_value(o.key))
    return option_fault{"auth.key", "has a character that cannot stand there"};
  const bool is_second = !o.user.empty() || !o.token.empty();
  if (is_header && is_second && net::equal_without_case(o.key_name, "authorization"))
    return option_fault{"auth.key_name", "is Authorization, which user or token already is"};
  return std::nullopt;
}

}  // namespace

option_check fault_of(const http_auth_options& o) {
  if (o.user.empty() && !o.password.empty())
    return option_fault{"auth.user", "is missing; password needs it"};
  if (!o.user.empty() && o.password.empty())
    return option_fault{"auth.password", "is missing; user needs it"};
  if (o.user.find(':') != std::string::npos) return option_fault{"auth.user", "must not have a colon"};
  if (!o.user.empty() && !o.token.empty())
    return option_fault{"auth.token", "and user exclude each other: both are the Authorization header"};
  if (!net::is_field_value(o.token) || o.token.find(' ') != std::string::npos)
    return option_fault{"auth.token", "has a character that a token may not have"};
  if (const auto fault = fault_of_key(o)) return fault;
  if (!std::all_of(o.signing_secrets.begin(), o.signing_secrets.end(), is_webhook_secret))
    return option_fault{"auth.signing_secrets", "must be whsec_ and the base64 of 24 to 64 bytes, each"};
  return std::nullopt;
}

std::string basic_credentials(std::string_view user, std::string_view password) {
  const std::string both = std::string{user}.append(":").append(password);
  return "Basic " + crypto::to_base64({reinterpret_cast<const std::uint8_t*>(both.data()), both.size()});
}

std::vector<std::pair<std::string, std::string>> auth_fields(const http_auth_options& options) {
  std::vector<std::pair<std::string, std::string>> out;
  if (!options.user.empty())
    out.emplace_back("Authorization", basic_credentials(options.user, options.password));
  if (!options.token.empty()) out.emplace_back("Authorization", "Bearer " + options.token);
  if (options.key.empty()) return out;
  if (options.key_in == key_place::header) {
    out.emplace_back(options.key_name, options.key);
  } else {
    out.emplace_back("Cookie", options.key_name + '=' + options.key);
  }
  return out;
}

bool writes_field(const http_auth_options& options, std::string_view name) {
  const auto is_this = [name](std::string_view each) { return net::equal_without_case(each, name); };
  const auto fields = auth_fields(options);
  if (std::any_of(fields.begin(), fields.end(), [&](const auto& each) { return is_this(each.first); }))
    return true;
  return !options.signing_secrets.empty() &&
         (is_this(webhook_id_field) || is_this(webhook_timestamp_field) || is_this(webhook_signature_field));
}

}  // namespace otpd::sms
