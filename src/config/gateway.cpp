#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <stdexcept>

#include "config/provider_kind.hpp"
#include "config/sections.hpp"
#include "config/text.hpp"
#include "net/url.hpp"
#include "sms/escape.hpp"
#include "sms/http_auth.hpp"
#include "sms/pattern.hpp"

namespace otpd {
namespace {

using sms::http_gateway_options;
using value = config_value;

// What a template may name, and samples of it. Where a value may be all digits and begin with 0, as a code
// does, JSON takes it between quotes only.
constexpr auto& names = sms::http_gateway_names;
constexpr std::array<std::string_view, names.size()> samples{
    "+15551234567", "15551234567", "sample", "sample", "012345",
    "012345",       "https://x",   "en",     "sample", "300"};

using names_used = std::array<bool, names.size()>;

// The template filled with the samples; notes the names it uses and refuses one that is none.
std::string filled(const value& where, std::string_view text, names_used& used) try {
  std::string out;
  sms::pattern{text, names}.render(out, [&](std::string& to, std::size_t name) {
    used[name] = true;
    to += samples[name];
  });
  return out;
} catch (const std::invalid_argument& error) {
  where.refuse(std::string{error.what()} + "; known are " + joined(names));
}

void check_url(const value& v, const http_gateway_options& gateway) {
  if (!v.is_written()) v.refuse("is missing");
  // The text itself may be a secret.
  const auto url = net::parse_url(gateway.url);
  if (!url) v.refuse("is not an URL such as \"https://sms.example/send\" (no user, no #fragment, no space)");
  if (!url->encrypted && !net::is_loopback(*url) && !gateway.insecure)
    v.refuse("is http:// to another machine; use https://, or set insecure = true");
}

void check_body(const value& v, const http_gateway_options& gateway, names_used& used) {
  const std::string body = filled(v, gateway.body, used);
  const bool is_json =
      gateway.content_type == "json" || sms::escape_for(gateway.content_type) == sms::escape::json;
  if (!is_json || gateway.body.empty()) return;
  boost::json::error_code error;
  static_cast<void>(boost::json::parse(body, error));
  if (error)
    v.refuse("is not JSON once its placeholders are filled; they need quotes, as in {\"to\": \"{to}\"}");
}

void check_auth(const value& table, const http_gateway_options& gateway) {
  refuse_fault(table, fault_of(gateway.auth));
  for (const auto& [name, text] : gateway.headers)
    if (writes_field(gateway.auth, name)) table.at("headers").at(name).refuse("is set by auth");
}

}  // namespace

void check_gateway(const config_value& table, const http_gateway_options& gateway,
                   std::vector<std::string>& warnings) {
  const value body = table.at("body");
  names_used used{};
  check_url(table.at("url"), gateway);
  warn_of_plain_http(table, gateway.url, warnings);
  check_auth(table, gateway);
  static_cast<void>(filled(table.at("url"), gateway.url, used));
  for (const auto& [name, text] : gateway.headers)
    static_cast<void>(filled(table.at("headers").at(name), text, used));
  check_body(body, gateway, used);
  const auto& [to, to_digits, text, from, code, reference, callback, locale, subject, lifetime] = used;
  if (!to && !to_digits) body.refuse("names neither {to} nor {to_digits}, nor does the url");
  if (!text && !code) body.refuse("names neither {text} nor {code}, nor does the url");
  if (from && gateway.from.empty()) table.at("from").refuse("is missing; a template names {from}");
  if (gateway.success_json_pointer.empty() && !gateway.success_json_value.empty()) {
    table.at("success_json_value").refuse("needs success_json_pointer");
  }
}

}  // namespace otpd
