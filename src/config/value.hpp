#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "otp/bucket.hpp"

namespace otpd {

struct config_node;

// A value of a TOML text, or the place where one could stand: its name, its line, and how to refuse it. Every
// reading member refuses, by config_error, a value of another type or out of bounds. A view: its
// config_document outlives it.
class config_value {
 public:
  config_value(const config_node* node, const std::string& origin, std::string path, unsigned line)
      : node_(node), origin_(&origin), path_(std::move(path)), line_(line) {}

  [[nodiscard]] bool is_written() const { return node_ != nullptr; }
  [[nodiscard]] bool is_array() const;
  // "origin:LINE: server.listen: text"
  [[nodiscard]] std::string located(std::string_view text) const;
  [[noreturn]] void refuse(std::string_view text) const;
  // Names the nearest of `known`.
  [[noreturn]] void refuse_unknown(std::string_view what, std::string_view name,
                                   std::span<const std::string_view> known) const;

  // A table's member, written or not; of anything else, one that is not written.
  [[nodiscard]] config_value at(std::string_view key) const;
  // A table's members, sorted by name.
  [[nodiscard]] std::vector<std::pair<std::string, config_value>> members() const;
  // An array's, at most 1,000.
  [[nodiscard]] std::vector<config_value> elements() const;

  [[nodiscard]] bool boolean() const;
  template <std::unsigned_integral T>
  [[nodiscard]] T integer(T low, T high) const {
    return static_cast<T>(checked_integer(low, high));
  }
  // At most `high` bytes of UTF-8 without control characters other than those of `allowed`.
  [[nodiscard]] std::string text(std::size_t low, std::size_t high, std::string_view allowed = "") const;
  [[nodiscard]] std::vector<std::string> texts(std::size_t high) const;
  // Like text(), or what {file = "..."} or {env = "..."} says, without one trailing line end and then not
  // empty.
  [[nodiscard]] std::string text_or_secret(std::size_t high, std::string_view allowed = "") const;
  // True if it is written as {file = "..."} or {env = "..."}.
  [[nodiscard]] bool is_secret() const;
  // A path that may not exist.
  [[nodiscard]] std::filesystem::path path() const;
  // A path of a file that can be read.
  [[nodiscard]] std::filesystem::path readable_file() const;
  [[nodiscard]] std::chrono::milliseconds duration(std::chrono::milliseconds low,
                                                   std::chrono::milliseconds high) const;
  // A duration without a fraction of a second.
  [[nodiscard]] std::chrono::seconds seconds(std::chrono::seconds low, std::chrono::seconds high) const;
  [[nodiscard]] otp::rate rate() const;
  template <class E, std::size_t N>
  [[nodiscard]] E one_of(const std::array<std::pair<std::string_view, E>, N>& choices) const {
    const std::string name = text(0, 100);
    std::array<std::string_view, N> names;
    std::ranges::transform(choices, names.begin(), [](const auto& choice) { return choice.first; });
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) refuse_choice(name, names);
    return choices[static_cast<std::size_t>(found - names.begin())].second;
  }

 private:
  [[nodiscard]] std::int64_t checked_integer(std::uint64_t low, std::uint64_t high) const;
  [[nodiscard]] const std::string& string() const;
  [[noreturn]] void refuse_type(std::string_view wanted) const;
  [[noreturn]] void refuse_choice(std::string_view name, std::span<const std::string_view> names) const;

  const config_node* node_;
  const std::string* origin_;
  std::string path_;
  unsigned line_;
};

// A parsed TOML text. Throws config_error if it is none.
class config_document {
 public:
  config_document(std::string_view toml, std::string_view origin);
  ~config_document();
  config_document(const config_document&) = delete;
  config_document& operator=(const config_document&) = delete;

  [[nodiscard]] config_value root() const;

 private:
  std::string origin_;
  std::unique_ptr<config_node> root_;
};

// The file's content, at most 1 MiB; or nothing, and `error` says why.
[[nodiscard]] std::optional<std::string> read_whole_file(const std::filesystem::path& file,
                                                         std::string& error);

// One key of a table and how its value is read.
template <class T>
struct config_key {
  std::string_view name;
  void (*read)(const config_value&, T&);
  bool is_table = false;  // its members are the keys
};

// Reads every member of `table`; one that is not of `keys` is refused.
template <class T>
void read_table(const config_value& table, std::span<const config_key<std::type_identity_t<T>>> keys,
                T& out) {
  std::vector<std::string_view> names(keys.size());
  std::ranges::transform(keys, names.begin(), &config_key<T>::name);
  for (const auto& [name, value] : table.members()) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) value.refuse_unknown("key", name, names);
    keys[static_cast<std::size_t>(found - names.begin())].read(value, out);
  }
}

// Appends "prefix.name" for each of `keys` that is no table.
template <class T>
void list_keys(std::string_view prefix, std::span<const config_key<T>> keys, std::vector<std::string>& out) {
  for (const auto& key : keys) {
    if (!key.is_table) out.push_back(std::string{prefix}.append(".").append(key.name));
  }
}
template <class T, std::size_t N>
void list_keys(std::string_view prefix, const std::array<config_key<T>, N>& keys,
               std::vector<std::string>& out) {
  list_keys(prefix, std::span<const config_key<T>>{keys}, out);
}

}  // namespace otpd
