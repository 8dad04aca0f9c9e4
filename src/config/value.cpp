#include "config/value.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <variant>

#include "config.hpp"
#include "config/node.hpp"
#include "config/text.hpp"
#include "net/field_syntax.hpp"

namespace otpd {

namespace {

constexpr std::size_t max_file_bytes = 1U << 20U;
constexpr std::size_t max_elements = 1000;

std::string between(std::string_view low, std::string_view high) {
  return std::string{" must be between "}.append(low).append(" and ").append(high);
}

}  // namespace

std::optional<std::string> read_whole_file(const std::filesystem::path& file, std::string& error) {
  errno = 0;
  std::ifstream in{file, std::ios::binary};
  std::string content(max_file_bytes + 1, '\0');
  if (in) in.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (!in.is_open() || in.bad()) {
    error = "cannot read " + in_quotes(file.native()) + ": " + std::strerror(errno == 0 ? EIO : errno);
    return std::nullopt;
  }
  content.resize(static_cast<std::size_t>(in.gcount()));
  if (content.size() <= max_file_bytes) return content;
  error = in_quotes(file.native()) + " is longer than 1 MiB";
  return std::nullopt;
}

// ---- errors
// ----------------------------------------------------------------------------------------------------------

std::string config_value::located(std::string_view text) const {
  return std::string{*origin_}
      .append(":")
      .append(std::to_string(line_))
      .append(": ")
      .append(path_)
      .append(": ")
      .append(text);
}

void config_value::refuse(std::string_view text) const {
  throw config_error{located(text)};
}

void config_value::refuse_unknown(std::string_view what, std::string_view name,
                                  std::span<const std::string_view> known) const {
  refuse("unknown " + std::string{what} + "; did you mean " + in_quotes(nearest(name, known)) + "?");
}

void config_value::refuse_type(std::string_view wanted) const {
  constexpr std::array<std::string_view, 6> names{
      "a value of another type", "a boolean", "an integer", "a string", "an array", "a table"};
  refuse("must be " + std::string{wanted} + ", not " +
         std::string{node_ ? names[node_->data.index()] : "missing"});
}

void config_value::refuse_choice(std::string_view name, std::span<const std::string_view> names) const {
  refuse(in_quotes(name) + " is none of " + joined(names));
}

// ---- structure
// -------------------------------------------------------------------------------------------------------

config_value config_value::at(std::string_view key) const {
  std::string path = path_.empty() ? "" : path_ + '.';
  path += net::is_token(key) && key.size() <= 60 ? std::string{key} : in_quotes(key);
  const auto* table = node_ ? std::get_if<config_node::table>(&node_->data) : nullptr;
  if (table) {
    if (const auto found = table->find(std::string{key}); found != table->end()) {
      return {&found->second, *origin_, std::move(path), found->second.line};
    }
  }
  return {nullptr, *origin_, std::move(path), line_};
}

std::vector<std::pair<std::string, config_value>> config_value::members() const {
  const auto* table = node_ ? std::get_if<config_node::table>(&node_->data) : nullptr;
  if (!table) refuse_type("a table");
  std::vector<std::pair<std::string, config_value>> out;
  for (const auto& member : *table)
    out.emplace_back(member.first, at(member.first));
  return out;
}

bool config_value::is_array() const {
  return node_ != nullptr && std::holds_alternative<config_node::array>(node_->data);
}

std::vector<config_value> config_value::elements() const {
  const auto* array = node_ ? std::get_if<config_node::array>(&node_->data) : nullptr;
  if (!array) refuse_type("an array");
  if (array->size() > max_elements) refuse("has more than 1000 elements");
  std::vector<config_value> out;
  for (const auto& element : *array) {
    out.emplace_back(&element, *origin_, path_ + '[' + std::to_string(out.size()) + ']', element.line);
  }
  return out;
}

// ---- values
// ----------------------------------------------------------------------------------------------------------

bool config_value::boolean() const {
  const auto* value = node_ ? std::get_if<bool>(&node_->data) : nullptr;
  if (!value) refuse_type("true or false");
  return *value;
}

std::int64_t config_value::checked_integer(std::uint64_t low, std::uint64_t high) const {
  const auto* value = node_ ? std::get_if<std::int64_t>(&node_->data) : nullptr;
  if (!value) refuse_type("an integer");
  if (std::cmp_less(*value, low) || std::cmp_greater(*value, high)) {
    refuse(std::to_string(*value) + between(std::to_string(low), std::to_string(high)));
  }
  return *value;
}

const std::string& config_value::string() const {
  const auto* value = node_ ? std::get_if<std::string>(&node_->data) : nullptr;
  if (!value) refuse_type("a string");
  return *value;
}

std::string config_value::text(std::size_t low, std::size_t high, std::string_view allowed) const {
  const std::string& value = string();
  if (value.size() < low) refuse("must not be empty");
  if (value.size() > high)
    refuse("must have at most " + std::to_string(high) + " bytes, not " + std::to_string(value.size()));
  if (has_control(value, allowed)) refuse("has a control character");
  return value;
}

std::vector<std::string> config_value::texts(std::size_t high) const {
  std::vector<std::string> out;
  for (const auto& element : elements()) {
    out.push_back(element.text(1, high));
    if (std::ranges::count(out, out.back()) > 1) element.refuse(in_quotes(out.back()) + " is there twice");
  }
  return out;
}

bool config_value::is_secret() const {
  return node_ && std::holds_alternative<config_node::table>(node_->data);
}

std::string config_value::text_or_secret(std::size_t high, std::string_view allowed) const {
  if (!is_secret()) return text(0, high, allowed);
  constexpr std::array<std::string_view, 2> sources{"file", "env"};
  std::string value;
  const auto given = members();
  if (given.size() != 1) refuse("must be one of {file = \"path\"} and {env = \"NAME\"}");
  const auto& [source, where] = given.front();
  if (source == "file") {
    std::string error;
    auto content = read_whole_file(where.path(), error);
    if (!content) where.refuse(error);
    value = std::move(*content);
    if (value.ends_with('\n')) value.pop_back();
    if (value.ends_with('\r')) value.pop_back();
  } else if (source == "env") {
    const std::string name = where.text(1, 256);
    const char* content = std::getenv(name.c_str());
    if (!content) where.refuse("the environment has no variable " + in_quotes(name));
    value = content;
  } else {
    where.refuse_unknown("key", source, sources);
  }
  if (value.empty()) where.refuse("the secret is empty");
  if (value.size() > high) where.refuse("the secret must have at most " + std::to_string(high) + " bytes");
  if (has_control(value, allowed)) where.refuse("the secret has a control character");
  return value;
}

std::filesystem::path config_value::path() const {
  return text(1, 4000);
}

std::filesystem::path config_value::readable_file() const {
  auto file = path();
  std::string error;
  if (!read_whole_file(file, error)) refuse(error);
  return file;
}

std::chrono::milliseconds config_value::duration(std::chrono::milliseconds low,
                                                 std::chrono::milliseconds high) const {
  const auto value = parse_duration(string());
  if (!value)
    refuse(in_quotes(string()) + " is not a duration such as \"500ms\", \"30s\", \"5m\", \"24h\" or \"7d\"");
  if (*value < low || *value > high)
    refuse(in_quotes(string()) + between(format_duration(low), format_duration(high)));
  return *value;
}

std::chrono::seconds config_value::seconds(std::chrono::seconds low, std::chrono::seconds high) const {
  const auto value = duration(low, high);
  if (value.count() % 1000 != 0) refuse(in_quotes(string()) + " must be whole seconds");
  return std::chrono::duration_cast<std::chrono::seconds>(value);
}

otp::rate config_value::rate() const {
  const auto value = parse_rate(string());
  if (!value) {
    refuse(in_quotes(string()) +
           " is not a rate such as \"10/1h\": a count of 1 to 1000000000 per window of 1ms to 400d");
  }
  return *value;
}

}  // namespace otpd
