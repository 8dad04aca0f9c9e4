#include <algorithm>
#include <array>
#include <chrono>

#include "config/sections.hpp"
#include "config/text.hpp"
#include "net/ascii.hpp"
#include "net/field_syntax.hpp"

namespace otpd {
namespace {

using namespace std::chrono_literals;
using sms::failure_rule;
using sms::http_gateway_options;
using value = config_value;

constexpr std::size_t max_template_bytes = 16384;

constexpr std::array<std::pair<std::string_view, provider_type>, 3> types{
    {{"console", provider_type::console}, {"null", provider_type::null}, {"http", provider_type::http}}};
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

// ---- keys
// ------------------------------------------------------------------------------------------------------------

// True if such a header carries a credential by custom.
bool is_credential(std::string name) {
  constexpr std::array<std::string_view, 10> marks{"authorization", "x-auth", "api-key",  "apikey", "api_key",
                                                   "access-key",    "token",  "password", "secret", "cookie"};
  std::ranges::transform(name, name.begin(), net::to_lower);
  return std::ranges::any_of(marks, [&](std::string_view mark) { return name.find(mark) != name.npos; });
}

void read_headers(const value& v, http_gateway_options& out) {
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
    out.headers[name] = header.text_or_secret(8000, "\t");
  }
  if (seen.size() > 32) v.refuse("has more than 32 headers");
}

void read_content_type(const value& v, http_gateway_options& out) {
  out.content_type = v.text(0, 200);
  if (out.content_type != "json" && out.content_type != "form" && !is_media_type(out.content_type)) {
    v.refuse(in_quotes(out.content_type) +
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
  if (!is_json_pointer(text)) v.refuse(in_quotes(text) + " is not a JSON pointer such as \"/data/id\"");
  return text;
}

constexpr std::array<config_key<failure_rule>, 3> failure_keys{{
    {"status", [](const value& v, failure_rule& r) { r.status = read_statuses(v); }},
    {"body_contains", [](const value& v, failure_rule& r) { r.body_contains = v.text(0, 500); }},
    {"failure", [](const value& v, failure_rule& r) { r.failure = v.one_of(failures); }},
}};

void read_failures(const value& v, http_gateway_options& out) {
  for (const auto& element : v.elements()) {
    const auto is_catch_all = [](const failure_rule& r) {
      return r.status.empty() && r.body_contains.empty();
    };
    if (!out.failures.empty() && is_catch_all(out.failures.back())) {
      element.refuse("is never reached: the rule before it has neither status nor body_contains");
    }
    failure_rule rule;
    read_table(element, failure_keys, rule);
    if (!element.at("failure").is_written()) element.at("failure").refuse("is missing");
    out.failures.push_back(std::move(rule));
  }
}

constexpr std::array<config_key<http_gateway_options>, 17> gateway_keys{{
    {"url", [](const value& v, http_gateway_options& g) { g.url = v.text_or_secret(2000); }},
    {"method", [](const value& v, http_gateway_options& g) { g.method = v.one_of(methods); }},
    {"headers", read_headers},
    {"content_type", read_content_type},
    {"body", [](const value& v,
                http_gateway_options& g) { g.body = v.text_or_secret(max_template_bytes, "\t\r\n"); }},
    {"from", [](const value& v, http_gateway_options& g) { g.from = v.text(0, 100); }},
    {"success_status",
     [](const value& v, http_gateway_options& g) {
       g.success_status = read_statuses(v);
       if (g.success_status.empty()) v.refuse("must not be empty");
     }},
    {"success_body_contains",
     [](const value& v, http_gateway_options& g) { g.success_body_contains = v.text(0, 500); }},
    {"success_json_pointer",
     [](const value& v, http_gateway_options& g) { g.success_json_pointer = read_pointer(v); }},
    {"success_json_value",
     [](const value& v, http_gateway_options& g) { g.success_json_value = v.text(0, 500); }},
    {"message_id_json_pointer",
     [](const value& v, http_gateway_options& g) { g.message_id_json_pointer = read_pointer(v); }},
    {"failures", read_failures, true},
    {"connect_timeout",
     [](const value& v, http_gateway_options& g) { g.connect_timeout = v.duration(100ms, 60s); }},
    {"timeout", [](const value& v, http_gateway_options& g) { g.timeout = v.duration(100ms, 120s); }},
    {"max_connections",
     [](const value& v, http_gateway_options& g) { g.max_connections = v.integer(1U, 4096U); }},
    {"ca_file", [](const value& v, http_gateway_options& g) { g.ca_file = v.readable_file(); }},
    {"insecure", [](const value& v, http_gateway_options& g) { g.insecure = v.boolean(); }},
}};

constexpr std::array<config_key<provider_config>, 2> provider_keys{{
    {"type", [](const value& v, provider_config& p) { p.type = v.one_of(types); }},
    {"allow_remote_console",
     [](const value& v, provider_config& p) { p.allow_remote_console = v.boolean(); }},
}};

// The keys of a provider and, of type http, of its gateway; each reads into the whole.
template <std::size_t... I, std::size_t... J>
constexpr auto all_keys(std::index_sequence<I...>, std::index_sequence<J...>) {
  return std::array<config_key<provider_config>, sizeof...(I) + sizeof...(J)>{
      {provider_keys[I]...,
       {gateway_keys[J].name, [](const value& v, provider_config& p) { gateway_keys[J].read(v, p.http); },
        gateway_keys[J].is_table}...}};
}
constexpr auto all_provider_keys = all_keys(std::make_index_sequence<provider_keys.size()>{},
                                            std::make_index_sequence<gateway_keys.size()>{});

// ---- checks
// ----------------------------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 2> built_in{"console", "null"};

void check_type(const value& table, const provider_config& p) {
  const auto type = std::ranges::find(types, p.type, &decltype(types)::value_type::second)->first;
  const bool is_built_in = std::ranges::count(built_in, p.name) > 0;
  if (is_built_in && type != p.name)
    table.at("type").refuse("is built in as " + in_quotes(p.name) + "; use another name");
  if (!is_built_in && !table.at("type").is_written())
    table.at("type").refuse("is missing; console, null or http");
  for (const auto& key : gateway_keys) {
    if (p.type != provider_type::http && table.at(key.name).is_written()) {
      table.at(key.name).refuse("is for type = \"http\" only");
    }
  }
  if (p.type != provider_type::console && table.at("allow_remote_console").is_written()) {
    table.at("allow_remote_console").refuse("is for type = \"console\" only");
  }
}

}  // namespace

void read_providers(const config_value& table, config& out) {
  for (const auto& [name, value] : table.members()) {
    if (!is_name(name)) value.refuse("a provider's name must be 1 to 32 of a-z 0-9 _ -");
    provider_config p;
    p.name = name;
    if (name == "null") p.type = provider_type::null;
    read_table(value, all_provider_keys, p);
    check_type(value, p);
    if (p.type == provider_type::http) check_gateway(value, p.http, out.warnings);
    out.providers.push_back(std::move(p));
  }
}

void list_provider_keys(std::vector<std::string>& out) {
  list_keys("providers.NAME", all_provider_keys, out);
  list_keys("providers.NAME.failures", failure_keys, out);
}

}  // namespace otpd
