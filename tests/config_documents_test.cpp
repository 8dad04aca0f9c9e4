// The configuration against what is written about it: docs/configuration.md.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include "config.hpp"

namespace otpd {
namespace {

std::string read(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
const std::filesystem::path source = OTPD_SOURCE_DIR;

struct row {
  std::string key;
  std::string default_value;  // empty: the cell is not just a value
  std::string example;
  std::set<std::string> types;  // of a provider, if the key is for these only
};

// The text of a cell that is nothing but `code`; else empty.
std::string code_of(std::string_view cell) {
  const bool is_code = cell.size() > 4 && cell.starts_with(" `") && cell.ends_with("` ");
  return std::string{is_code ? cell.substr(2, cell.size() - 4) : ""};
}

// The types that a heading names: ### type = "http", "twilio"
std::set<std::string> types_in(std::string_view heading) {
  std::set<std::string> out;
  const auto from = heading.find("type = ");
  if (from == std::string_view::npos) return out;
  std::istringstream in{std::string{heading.substr(from)}};
  std::string word;
  for (bool is_quoted = false; std::getline(in, word, '"'); is_quoted = !is_quoted)
    if (is_quoted) out.insert(word);
  return out;
}

// The rows of every table of the page whose first cell names a key: | key | type | default | bounds | meaning
// | example |
std::vector<row> documented() {
  std::vector<row> out;
  std::istringstream page{read(source / "docs/configuration.md")};
  std::set<std::string> types;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("##")) types = types_in(line);
    if (!line.starts_with("| `")) continue;
    std::vector<std::string> cells;
    std::istringstream in{line.substr(1)};
    for (std::string cell; std::getline(in, cell, '|');)
      cells.push_back(cell);
    EXPECT_EQ(cells.size(), 6U) << line;
    if (cells.size() == 6) out.push_back({code_of(cells[0]), code_of(cells[2]), code_of(cells[5]), types});
  }
  return out;
}

// One value of each row as one file. Profiles, their parameters and providers are named n; api_keys, messages
// and failures have one element.
std::string assembled(const std::vector<row>& rows, std::string row::*value) {
  std::map<std::string, std::string> tables;
  for (const auto& r : rows) {
    const auto dot = r.key.rfind('.');
    std::string table = r.key.substr(0, dot);
    for (auto name = table.find("NAME"); name != table.npos; name = table.find("NAME"))
      table.replace(name, 4, "n");
    const bool is_array = table == "api_keys" || table.ends_with(".failures") || table.ends_with(".messages");
    if (!(r.*value).empty()) {
      tables[is_array ? "[[" + table + "]]" : '[' + table + ']'] +=
          r.key.substr(dot + 1) + " = " + r.*value + '\n';
    }
  }
  std::string out;
  for (const auto& [head, lines] : tables)
    out += head + '\n' + lines;
  return out;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// What a file can say of a provider of this type, besides everything else.
std::vector<row> rows_for(const std::string& type) {
  auto rows = documented();
  std::erase_if(rows, [&](const row& r) { return !r.types.empty() && !r.types.contains(type); });
  for (auto& r : rows)
    if (r.key == "providers.NAME.type") r.default_value = r.example = "'" + type + "'";
  return rows;
}

void clear_examples(std::vector<row>& rows, const std::set<std::string>& keys) {
  std::size_t cleared = 0;
  for (auto& r : rows) {
    if (!r.key.starts_with("providers.NAME.") || !keys.contains(r.key.substr(15))) continue;
    r.example.clear();
    ++cleared;
  }
  EXPECT_EQ(cleared, keys.size());
}

// Keys that exclude each other: of each pair of sets one is left out.
struct variant {
  std::string type;
  std::set<std::string> without;
};
const std::vector<variant> variants{
    {"http", {"auth.token"}},
    {"http", {"auth.user", "auth.password"}},
    {"http", {"auth.user", "auth.password", "auth.token"}},
    {"twilio", {"api_key_sid", "api_key_secret", "messaging_service_sid"}},
    {"twilio", {"auth_token", "from"}},
    {"mshastra", {}},
    {"vonage", {}},
};

void set_secrets() {
  const std::string key(64, '0');
  const std::string signing = "whsec_" + std::string(32, 'A');
  ASSERT_EQ(::setenv("OTPD_MASTER_KEY", key.c_str(), 1), 0);
  ASSERT_EQ(::setenv("GATEWAY_SIGNING_SECRET", signing.c_str(), 1), 0);
  for (const char* name :
       {"GATEWAY_AUTHORIZATION", "GATEWAY_PASSWORD", "GATEWAY_TOKEN", "GATEWAY_KEY", "TWILIO_AUTH_TOKEN",
        "TWILIO_API_KEY_SECRET", "MSHASTRA_PASSWORD", "VONAGE_API_SECRET"})
    ASSERT_EQ(::setenv(name, "x", 1), 0);
}

TEST(ConfigDocuments, EveryKeyIsDocumentedAndNoOther) {
  const auto keys = known_config_keys();
  std::set<std::string> known{keys.begin(), keys.end()};
  EXPECT_EQ(known.size(), keys.size());
  std::set<std::string> written;
  std::set<std::pair<std::string, std::string>> of_types;
  for (const auto& r : documented()) {
    const bool is_first = written.insert(r.key).second;
    EXPECT_TRUE(is_first || !r.types.empty()) << r.key << " is documented twice";
    for (const auto& type : r.types)
      EXPECT_TRUE(of_types.emplace(r.key, type).second) << r.key << " is documented twice for " << type;
  }
  EXPECT_EQ(written, known);
}

TEST(ConfigDocuments, EveryExampleIsAccepted) {
  set_secrets();
  for (const auto& r : documented())
    EXPECT_FALSE(r.example.empty()) << r.key;
  for (const auto& [type, without] : variants) {
    auto rows = rows_for(type);
    clear_examples(rows, without);
    for (auto& r : rows) {
      if (r.key == "profiles.NAME.android_app_hash") r.example.clear();  // not beside webotp
      if (r.key == "delivery.sms") r.example = "'n'";
      // The example of `headers` has the credential that `auth` would have.
      if (r.key == "providers.NAME.headers" &&
          !(without.contains("auth.user") && without.contains("auth.token")))
        r.example = "{Accept = 'application/json'}";
      if (r.key == "providers.NAME.url" && type != "http") r.example = "'https://proxy.example/sms'";
    }
    auto toml = assembled(rows, &row::example);
    for (const char* file : {"/etc/otpd/tls.crt", "/etc/otpd/tls.key", "/etc/otpd/gateway-ca.pem"}) {
      replace_all(toml, file, "/dev/null");
    }
    EXPECT_NO_THROW(static_cast<void>(parse_config(toml, "docs"))) << toml;
  }
}

// ---- defaults
// --------------------------------------------------------------------------------------------------------

// All members in order: whoever adds one finds it missing here and then in the page.
auto members(const server_config& s) {
  const auto& [listen, admin, threads, tls, proxies, hops, insecure, connections, per_ip, header, body, write,
               idle, pre_drain, drain] = s;
  return std::tuple{listen, admin,  threads, tls.has_value(), proxies, hops,      insecure, connections,
                    per_ip, header, body,    write,           idle,    pre_drain, drain};
}
auto members(const store::options& s) {
  const auto& [path, durability, cache, ballast, free_mib, free_percent, cancel] = s;
  return std::tuple{path, durability, cache, ballast, free_mib, free_percent, cancel};
}
auto members(const otp::rate& r) {
  return std::tuple{r.count, r.window};
}
auto members(const otp::limits_options& l) {
  const auto& [ip, prefix, country, key, server, day, failures] = l;
  return std::tuple_cat(members(ip), members(prefix), members(country), members(key), members(server),
                        members(day), members(failures));
}
auto members(const otp::profile& p) {
  const auto& [name, app, length, alphabet, lifetime, attempts, max_sends, resend_after, sends, failures,
               consecutive, sharing, resend, channels, countries, region, locale, message, messages,
               parameters, webotp, app_hash, legacy] = p;
  return std::tuple_cat(
      std::tuple{app, length, alphabet, lifetime, attempts, max_sends, resend_after, consecutive, sharing},
      std::tuple{resend, channels, countries, region, locale, message, legacy},
      std::tuple{messages.size(), parameters.size(), webotp, app_hash}, members(sends), members(failures));
}
auto members(const sms::http_gateway_options& g) {
  const auto& [url, method, headers, type, body, from, status, contains, pointer, json_value, id_pointer,
               failures, connect_timeout, timeout, connections, ca, insecure, auth] = g;
  const auto& [user, password, token, key_name, key, key_in, secrets] = auth;
  return std::tuple{user,        password,   token,           key_name,        key,
                    key_in,      secrets,    method,          headers,         type,
                    body,        from,       status,          contains,        pointer,
                    json_value,  id_pointer, failures.size(), connect_timeout, timeout,
                    connections, ca,         insecure};
}

auto members(const sms::endpoint_options& e) {
  const auto& [url, connect_timeout, timeout, connections, ca, insecure] = e;
  return std::tuple{url, connect_timeout, timeout, connections, ca, insecure};
}

TEST(ConfigDocuments, TheDefaultsOfVendorsAreTheDefaults) {
  set_secrets();
  const std::set<std::string> required{"account_sid", "auth_token", "from",    "user",
                                       "password",    "sender",     "api_key", "api_secret"};
  for (const char* type : {"twilio", "mshastra", "vonage"}) {
    auto rows = rows_for(type);
    std::erase_if(rows, [](const row& r) { return !r.key.starts_with("providers.NAME."); });
    for (auto& r : rows)
      if (required.contains(r.key.substr(15))) r.default_value = r.example;
    const auto p = parse_config(assembled(rows, &row::default_value), "docs").providers.front();
    EXPECT_EQ(members(p.twilio.endpoint), members(sms::twilio_options{}.endpoint));
    EXPECT_EQ(members(p.mshastra.endpoint), members(sms::mshastra_options{}.endpoint));
    EXPECT_EQ(members(p.vonage.endpoint), members(sms::vonage_options{}.endpoint));
  }
}

TEST(ConfigDocuments, TheDefaultsAreTheDefaults) {
  auto rows = rows_for("http");
  std::erase_if(rows, [](const row& r) {
    const auto is_within = [&r](const char* table) { return r.key.find(table) != std::string::npos; };
    return is_within("failures.") || is_within("messages.") || is_within("parameters.") ||
           r.key == "providers.NAME.auth.user";
  });
  for (auto& r : rows) {
    if (r.key == "store.master_key") r.default_value.clear();
    if (r.key == "providers.NAME.url") r.default_value = "'https://x.example/{to}/{code}'";
  }
  const auto written = parse_config(assembled(rows, &row::default_value), "docs");
  const auto built = default_config();
  EXPECT_EQ(members(written.server), members(built.server));
  EXPECT_EQ(members(written.store), members(built.store));
  EXPECT_EQ(members(written.limits), members(built.limits));
  EXPECT_EQ(members(written.profiles.back()), members(built.profiles.front()));
  EXPECT_EQ(members(written.providers.front().http), members(sms::http_gateway_options{}));
  EXPECT_EQ(written.delivery.sms, built.delivery.sms);
  EXPECT_EQ(written.delivery.email, built.delivery.email);
  EXPECT_EQ(written.level, built.level);
}

}  // namespace
}  // namespace otpd
