#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

#include "config_sections.hpp"
#include "config_text.hpp"
#include "net/url.hpp"

namespace otpd {
namespace {

using sms::http_gateway_options;
using value = config_value;

// What a template may name, with a sample that JSON takes without quotes only where that is always so: a code may begin
// with 0 or have letters, a number in digits may not.
struct placeholder {
  std::string_view name;
  std::string_view sample;
};
constexpr std::array<placeholder, 5> placeholders{{
    {"{to}", "+15551234567"},
    {"{to_digits}", "15551234567"},
    {"{text}", "sample"},
    {"{from}", "sample"},
    {"{code}", "012345"},
}};

// The end of the placeholder that begins `text`, or 0: {"to": ...} of a JSON template begins none.
std::size_t placeholder_size(std::string_view text) {
  const auto is_inner = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto end = std::ranges::find_if_not(text.substr(1), is_inner) - text.begin();
  const auto size = static_cast<std::size_t>(end);
  return size > 1 && size < text.size() && text[size] == '}' ? size + 1 : 0;
}

// The template filled with the samples; refuses a placeholder that is none.
std::string filled(const value& where, std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = text.front() == '{' ? placeholder_size(text) : 0;
    if (size == 0) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto found = std::ranges::find(placeholders, text.substr(0, size), &placeholder::name);
    if (found == placeholders.end()) {
      std::array<std::string_view, placeholders.size()> names;
      std::ranges::transform(placeholders, names.begin(), &placeholder::name);
      where.refuse(in_quotes(text.substr(0, size)) + " is no placeholder; known are " + joined(names));
    }
    out += found->sample;
    text.remove_prefix(size);
  }
  return out;
}

void check_url(const value& v, const http_gateway_options& gateway, std::vector<std::string>& warnings) {
  if (!v.is_written()) v.refuse("is missing");
  // The text itself may be a secret.
  const auto url = net::parse_url(gateway.url);
  if (!url) v.refuse("is not an URL such as \"https://sms.example/send\" (no user, no #fragment, no space)");
  static_cast<void>(filled(v, gateway.url));
  if (url->encrypted || net::is_loopback(*url)) return;
  if (!gateway.insecure) v.refuse("is http:// to another machine; use https://, or set insecure = true");
  warnings.push_back(v.located("insecure: codes and credentials travel unencrypted"));
}

void check_body(const value& v, const http_gateway_options& gateway) {
  const std::string body = filled(v, gateway.body);
  if (gateway.content_type != "json" || gateway.body.empty()) return;
  boost::json::error_code error;
  static_cast<void>(boost::json::parse(body, error));
  if (error) v.refuse("is not JSON once its placeholders are filled; strings need quotes, as in {\"to\": \"{to}\"}");
}

bool names_any(const http_gateway_options& gateway, std::initializer_list<std::string_view> names) {
  const auto has = [&](const std::string& text) {
    return std::ranges::any_of(names, [&](std::string_view name) { return text.find(name) != text.npos; });
  };
  return has(gateway.url) || has(gateway.body) ||
         std::ranges::any_of(gateway.headers, [&](const auto& header) { return has(header.second); });
}

}  // namespace

void check_gateway(const config_value& table, const http_gateway_options& gateway,
                   std::vector<std::string>& warnings) {
  check_url(table.at("url"), gateway, warnings);
  for (const auto& [name, text] : gateway.headers) static_cast<void>(filled(table.at("headers").at(name), text));
  const value body = table.at("body");
  check_body(body, gateway);
  if (!names_any(gateway, {"{to}", "{to_digits}"})) body.refuse("names neither {to} nor {to_digits}, nor does the url");
  if (!names_any(gateway, {"{text}", "{code}"})) body.refuse("names neither {text} nor {code}, nor does the url");
  if (names_any(gateway, {"{from}"}) && gateway.from.empty()) table.at("from").refuse("is missing; a template names {from}");
  if (gateway.success_json_pointer.empty() != gateway.success_json_value.empty()) {
    const bool lacks_value = gateway.success_json_value.empty();
    table.at(lacks_value ? "success_json_pointer" : "success_json_value")
        .refuse(lacks_value ? "needs success_json_value" : "needs success_json_pointer");
  }
}

}  // namespace otpd
