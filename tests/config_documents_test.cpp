// The configuration against what is written about it: docs/configuration.md and config/otpd.example.toml.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
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
};

// The text of a cell that is nothing but `code`; else empty.
std::string code_of(std::string_view cell) {
  const bool is_code = cell.size() > 4 && cell.starts_with(" `") && cell.ends_with("` ");
  return std::string{is_code ? cell.substr(2, cell.size() - 4) : ""};
}

// The rows of every table of the page whose first cell names a key: | key | type | default | bounds | meaning
// | example |
std::vector<row> documented() {
  std::vector<row> out;
  std::istringstream page{read(source / "docs/configuration.md")};
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    std::vector<std::string> cells;
    std::istringstream in{line.substr(1)};
    for (std::string cell; std::getline(in, cell, '|');)
      cells.push_back(cell);
    EXPECT_EQ(cells.size(), 6U) << line;
    if (cells.size() == 6) out.push_back({code_of(cells[0]), code_of(cells[2]), code_of(cells[5])});
  }
  return out;
}

// One value of each row as one file. Profiles, their parameters and gateways are named n; api_keys, messages
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

TEST(ConfigDocuments, EveryKeyIsDocumentedAndNoOther) {
  const auto keys = known_config_keys();
  std::set<std::string> known{keys.begin(), keys.end()};
  EXPECT_EQ(known.size(), keys.size());
  std::set<std::string> written;
  for (const auto& r : documented())
    EXPECT_TRUE(written.insert(r.key).second) << r.key << " is documented twice";
  EXPECT_EQ(written, known);
}

TEST(ConfigDocuments, EveryExampleIsAccepted) {
  auto rows = documented();
  for (auto& r : rows) {
    EXPECT_FALSE(r.example.empty()) << r.key;
    if (r.key == "providers.NAME.allow_remote_console") r.example.clear();
    if (r.key == "profiles.NAME.android_app_hash") r.example.clear();  // not beside webotp
    if (r.key == "delivery.sms") r.example = "'n'";
  }
  auto toml = assembled(rows, &row::example);
  for (const char* file : {"/etc/otpd/tls.crt", "/etc/otpd/tls.key", "/etc/otpd/gateway-ca.pem"}) {
    replace_all(toml, file, "/dev/null");
  }
  ASSERT_EQ(::setenv("OTPD_MASTER_KEY", std::string(64, '0').c_str(), 1), 0);
  ASSERT_EQ(::setenv("GATEWAY_AUTHORIZATION", "Bearer x", 1), 0);
  EXPECT_NO_THROW(static_cast<void>(parse_config(toml, "docs"))) << toml;
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
               failures, connect_timeout, timeout, connections, ca, insecure] = g;
  return std::tuple{method,          headers,         type,    body,        from,
                    status,          contains,        pointer, json_value,  id_pointer,
                    failures.size(), connect_timeout, timeout, connections, ca,
                    insecure};
}

TEST(ConfigDocuments, TheDefaultsAreTheDefaults) {
  auto rows = documented();
  std::erase_if(rows, [](const row& r) {
    const auto is_within = [&r](const char* table) { return r.key.find(table) != std::string::npos; };
    return is_within("failures.") || is_within("messages.") || is_within("parameters.");
  });
  for (auto& r : rows) {
    if (r.key == "store.master_key" || r.key == "providers.NAME.allow_remote_console")
      r.default_value.clear();
    if (r.key == "providers.NAME.type") r.default_value = "'http'";
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

// ---- the example file
// ------------------------------------------------------------------------------------------------

TEST(ConfigDocuments, TheExampleFileIsAccepted) {
  const auto c = load_config(source / "config/otpd.example.toml");
  EXPECT_EQ(c.profiles.size(), 2U);
  EXPECT_EQ(c.providers.size(), 3U);
  EXPECT_EQ(c.warnings.size(), 2U) << "the console prints codes, twice";
}

TEST(ConfigDocuments, AMutatedFileIsAcceptedOrRefusedAndNothingElse) {
  const std::string example = read(source / "config/otpd.example.toml");
  const std::string_view marks = "[]{}=\"'\\.,#\n\t 0-9aZ\0\x7f\x80\xff";
  const std::string_view syntax{marks.data(), 24};
  for (unsigned seed = 0; seed < 4000; ++seed) {
    std::mt19937 random{seed};
    const auto below = [&](std::size_t n) { return random() % n; };
    std::string text = example;
    for (std::size_t i = 0, n = 1 + below(8); i < n; ++i) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = static_cast<char>(below(256));
          break;
        case 1:
          text[at] = syntax[below(syntax.size())];
          break;
        case 2:
          text.erase(at, 1 + below(40));
          break;
        default:
          text.insert(at, example, below(example.size()), 1 + below(40));
      }
    }
    try {
      static_cast<void>(parse_config(text, "mutated"));
    } catch (const config_error& error) {
      EXPECT_TRUE(std::string_view{error.what()}.starts_with("mutated:"))
          << "seed " << seed << ": " << error.what();
    }
  }
}

TEST(ConfigDocuments, DeepNestingIsAcceptedOrRefused) {
  std::string dotted = "a";
  while (dotted.size() < 4000)
    dotted += ".a";
  for (const auto& text : {dotted + " = 1", '[' + dotted + ']', "a = " + std::string(4000, '['),
                           "a = " + std::string(4000, '{'), std::string(4000, '[')}) {
    EXPECT_THROW(static_cast<void>(parse_config(text, "deep")), config_error);
  }
}

}  // namespace
}  // namespace otpd
