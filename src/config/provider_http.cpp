#include <algorithm>
#include <array>
#include <chrono>

#include "config/provider_kind.hpp"
#include "config/sections.hpp"
#include "config/text.hpp"
#include "net/ascii.hpp"
#include "net/field_syntax.hpp"
#include "sms/http_receipt.hpp"
#include "sms/json_text_at.hpp"

namespace otpd {
namespace {

using sms::failure_rule;
using value = config_value;

constexpr std::size_t max_template_bytes = 16384;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> methods{
    {{"POST", "POST"}, {"GET", "GET"}, {"PUT", "PUT"}}};
constexpr std::array<std::pair<std::string_view, otp::failure>, 8> failures{{
    {"bad_number", otp::failure::bad_number},
    {"not_permitted", otp::failure::not_permitted},
    {"rejected", otp::failure::rejected},
    {"rate_limited", otp::failure::rate_limited},
    {"out_of_credit", otp::failure::out_of_credit},
    {"misconfigured", otp::failure::misconfigured},
    {"unavailable", otp::failure::unavailable},
    {"unknown", otp::failure::unknown},
}};

// True if such a header carries a credential by custom.
bool is_credential(std::string name) {
  constexpr std::array<std::string_view, 10> marks{"authorization", "x-auth", "api-key",  "apikey", "api_key",
                                                   "access-key",    "token",  "password", "secret", "cookie"};
  std::ranges::transform(name, name.begin(), net::to_lower);
  return std::ranges::any_of(marks, [&](std::string_view mark) { return name.find(mark) != name.npos; });
}

void read_headers(const value& v, provider_config& p) {
  // What frames the request is the client's to say, and the body's type has a key of its own.
  constexpr std::array<std::string_view, 8> ours{
      "host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade", "expect", "te"};
  std::vector<std::string> seen;
  for (const auto& [name, header] : v.members()) {
    if (!net::is_token(name) || name.size() > 100)
      header.refuse("a header's name must be a token of at most 100 bytes");
    std::string lower = name;
    std::ranges::transform(lower, lower.begin(), net::to_lower);
    if (std::ranges::count(ours, lower) > 0)
      header.refuse("is set by otpd itself (for the body's type: content_type)");
    if (std::ranges::count(seen, lower) > 0) header.refuse("is there twice");
    if (is_credential(lower) && !header.is_secret()) {
      header.refuse(
          "looks like a secret and must not stand in the file; use {file = \"path\"} or {env = \"NAME\"}");
    }
    seen.push_back(lower);
    p.http.headers[name] = header.text_or_secret(8000, "\t");
  }
  if (seen.size() > 32) v.refuse("has more than 32 headers");
}

void read_content_type(const value& v, provider_config& p) {
  p.http.content_type = v.text(0, 200);
  if (p.http.content_type != "json" && p.http.content_type != "form" && !is_media_type(p.http.content_type)) {
    v.refuse(in_quotes(p.http.content_type) +
             " is not \"json\", \"form\" or a media type such as \"text/plain\"");
  }
}

std::string read_statuses(const value& v) {
  std::string text = v.text(0, 200);
  std::string_view rest = text;
  while (!text.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    if (!is_status_pattern(rest.substr(0, comma))) {
      v.refuse(in_quotes(text) + " is not a list of statuses such as \"2xx\", \"200,201\" or \"200-204\"");
    }
    if (comma == rest.size()) break;
    rest.remove_prefix(comma + 1);
  }
  return text;
}

std::string read_pointer(const value& v) {
  std::string text = v.text(0, 500);
  if (!sms::is_json_pointer(text)) v.refuse(in_quotes(text) + " is not a JSON pointer such as \"/data/id\"");
  return text;
}

constexpr std::array<config_key<failure_rule>, 3> failure_keys{{
    {"status", [](const value& v, failure_rule& r) { r.status = read_statuses(v); }},
    {"body_contains", [](const value& v, failure_rule& r) { r.body_contains = v.text(0, 500); }},
    {"failure", [](const value& v, failure_rule& r) { r.failure = v.one_of(failures); }},
}};

void read_failures(const value& v, provider_config& p) {
  for (const auto& element : v.elements()) {
    const auto is_catch_all = [](const failure_rule& r) {
      return r.status.empty() && r.body_contains.empty();
    };
    if (!p.http.failures.empty() && is_catch_all(p.http.failures.back())) {
      element.refuse("is never reached: the rule before it has neither status nor body_contains");
    }
    failure_rule rule;
    read_table(element, failure_keys, rule);
    if (!element.at("failure").is_written()) element.at("failure").refuse("is missing");
    p.http.failures.push_back(std::move(rule));
  }
}

// ---- auth
// ------------------------------------------------------------------------------------------------------------

constexpr std::array<std::pair<std::string_view, sms::key_place>, 2> places{
    {{"header", sms::key_place::header}, {"cookie", sms::key_place::cookie}}};

void read_signing_secrets(const value& v, sms::http_auth_options& auth) {
  for (const auto& element : v.elements()) {
    if (auth.signing_secrets.size() == 8) v.refuse("has more than 8 secrets");
    auth.signing_secrets.push_back(read_secret(element, 200));
  }
  if (auth.signing_secrets.empty()) v.refuse("must have at least one secret");
}

constexpr std::array<config_key<sms::http_auth_options>, 7> auth_keys{{
    {"user", [](const value& v, sms::http_auth_options& a) { a.user = v.text_or_secret(200); }},
    {"password", [](const value& v, sms::http_auth_options& a) { a.password = read_secret(v, 1000); }},
    {"token", [](const value& v, sms::http_auth_options& a) { a.token = read_secret(v, 4000); }},
    {"key_name", [](const value& v, sms::http_auth_options& a) { a.key_name = v.text(1, 100); }},
    {"key", [](const value& v, sms::http_auth_options& a) { a.key = read_secret(v, 4000); }},
    {"key_in", [](const value& v, sms::http_auth_options& a) { a.key_in = v.one_of(places); }},
    {"signing_secrets", read_signing_secrets},
}};

// ---- receipts
// --------------------------------------------------------------------------------------------------------

constexpr std::array<config_key<sms::http_receipt_options>, 7> receipt_keys{{
    {"reference", [](const value& v, sms::http_receipt_options& r) { r.reference = v.text(1, 200); }},
    {"status", [](const value& v, sms::http_receipt_options& r) { r.status = v.text(1, 200); }},
    {"delivered", [](const value& v, sms::http_receipt_options& r) { r.delivered = v.texts(100); }},
    {"failed", [](const value& v, sms::http_receipt_options& r) { r.failed = v.texts(100); }},
    {"webhook_secret",
     [](const value& v, sms::http_receipt_options& r) { r.webhook_secret = read_secret(v, 200); }},
    {"secret_header", [](const value& v, sms::http_receipt_options& r) { r.secret_header = v.text(1, 100); }},
    {"secret", [](const value& v, sms::http_receipt_options& r) { r.secret = read_secret(v, 1000); }},
}};

// The reader itself knows what makes sense together; without a secret it takes nothing, which nobody means.
void check_receipts(const value& table, const sms::http_receipt_options& options) try {
  if (!table.is_written()) return;
  if (options.webhook_secret.empty() && options.secret.empty())
    table.refuse("needs webhook_secret, or secret with secret_header");
  static_cast<void>(sms::http_receipt(options));
} catch (const std::invalid_argument& error) {
  table.refuse(error.what());
}

// ---- keys
// ------------------------------------------------------------------------------------------------------------

constexpr std::array<config_key<provider_config>, 13> own_keys{{
    {"method", [](const value& v, provider_config& p) { p.http.method = v.one_of(methods); }},
    {"headers", read_headers},
    {"content_type", read_content_type},
    {"body", [](const value& v,
                provider_config& p) { p.http.body = v.text_or_secret(max_template_bytes, "\t\r\n"); }},
    {"from", [](const value& v, provider_config& p) { p.http.from = v.text(0, 100); }},
    {"success_status",
     [](const value& v, provider_config& p) {
       p.http.success_status = read_statuses(v);
       if (p.http.success_status.empty()) v.refuse("must not be empty");
     }},
    {"success_body_contains",
     [](const value& v, provider_config& p) { p.http.success_body_contains = v.text(0, 500); }},
    {"success_json_pointer",
     [](const value& v, provider_config& p) { p.http.success_json_pointer = read_pointer(v); }},
    {"success_json_value",
     [](const value& v, provider_config& p) { p.http.success_json_value = v.text(0, 500); }},
    {"message_id_json_pointer",
     [](const value& v, provider_config& p) { p.http.message_id_json_pointer = read_pointer(v); }},
    {"failures", read_failures, true},
    {"auth", [](const value& v, provider_config& p) { read_table(v, auth_keys, p.http.auth); }, true},
    {"receipts", [](const value& v, provider_config& p) { read_table(v, receipt_keys, p.http_receipts); },
     true},
}};

constexpr auto keys =
    both(both(own_keys, breaker_keys),
         endpoint_keys<[](provider_config& p) -> sms::http_gateway_options& { return p.http; }>);

void check(const value& table, const provider_config& p, std::vector<std::string>& warnings) {
  check_gateway(table, p.http, warnings);
  check_receipts(table.at("receipts"), p.http_receipts);
}

void list_tables(std::vector<std::string>& out) {
  list_keys("providers.NAME.failures", failure_keys, out);
  list_keys("providers.NAME.auth", auth_keys, out);
  list_keys("providers.NAME.receipts", receipt_keys, out);
}

}  // namespace

constinit const provider_kind http_provider{"http", provider_type::http, keys, check, list_tables};

}  // namespace otpd
