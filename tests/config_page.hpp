#pragma once

// What docs/configuration.md says, in a form that can be compared.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace otpd {

inline std::string read(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
inline const std::filesystem::path source = OTPD_SOURCE_DIR;

struct row {
  std::string key;
  std::string default_value;  // empty: the cell is not just a value
  std::string example;
  std::set<std::string> types;  // of a provider, if the key is for these only
};

// The text of a cell that is nothing but `code`; else empty.
inline std::string code_of(std::string_view cell) {
  const bool is_code = cell.size() > 4 && cell.starts_with(" `") && cell.ends_with("` ");
  return std::string{is_code ? cell.substr(2, cell.size() - 4) : ""};
}

// The types that a heading names: ### type = "http", "twilio"
inline std::set<std::string> types_in(std::string_view heading) {
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
inline std::vector<row> documented() {
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

// One value of each row as one file. Profiles, their parameters and providers are named n; each array of
// tables has one element.
inline std::string assembled(const std::vector<row>& rows, std::string row::*value) {
  std::map<std::string, std::string> tables;
  for (const auto& r : rows) {
    const auto dot = r.key.rfind('.');
    std::string table = r.key.substr(0, dot);
    for (auto name = table.find("NAME"); name != table.npos; name = table.find("NAME"))
      table.replace(name, 4, "n");
    const bool is_array = table == "api_keys" || table == "test_recipients" || table.ends_with(".failures") ||
                          table.ends_with(".messages") || table.ends_with(".routes");
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

inline void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// What a file can say of a provider of this type, besides everything else.
inline std::vector<row> rows_for(const std::string& type) {
  auto rows = documented();
  std::erase_if(rows, [&](const row& r) { return !r.types.empty() && !r.types.contains(type); });
  for (auto& r : rows)
    if (r.key == "providers.NAME.type") r.default_value = r.example = "'" + type + "'";
  return rows;
}

inline void set_secrets() {
  const std::string key(64, '0');
  const std::string signing = "whsec_" + std::string(32, 'A');
  ASSERT_EQ(::setenv("OTPD_MASTER_KEY", key.c_str(), 1), 0);
  ASSERT_EQ(::setenv("GATEWAY_SIGNING_SECRET", signing.c_str(), 1), 0);
  ASSERT_EQ(::setenv("GATEWAY_WEBHOOK_SECRET", signing.c_str(), 1), 0);
  ASSERT_EQ(::setenv("GATEWAY_RECEIPT_SECRET", key.c_str(), 1), 0);
  for (const char* name : {"GATEWAY_AUTHORIZATION", "GATEWAY_PASSWORD", "GATEWAY_TOKEN", "GATEWAY_KEY",
                           "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY_SECRET", "MSHASTRA_PASSWORD",
                           "VONAGE_API_SECRET", "VONAGE_SIGNATURE_SECRET", "SMTP_PASSWORD"})
    ASSERT_EQ(::setenv(name, "x", 1), 0);
  for (const char* name : {"S3_SECRET_KEY", "S4_SECRET_KEY"})
    ASSERT_EQ(::setenv(name, key.c_str(), 1), 0);
  ASSERT_EQ(::setenv("OTPD_TOKEN_KEY", "-----BEGIN EC PRIVATE KEY-----", 1), 0);
}

}  // namespace otpd
