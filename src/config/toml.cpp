// The only translation unit that sees toml++.

#include <stdexcept>

namespace {
[[noreturn]] void toml_precondition_failed() {
  throw std::logic_error{"toml++"};
}
}  // namespace

// toml++ 3.3 breaks a precondition of its own on texts such as "[[[a]]]" (its pull request 301). In whatever
// build it is checked, and thrown, as parse errors are, through frames that expect it.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : toml_precondition_failed())
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

#include <algorithm>
#include <memory>
#include <vector>

#include "config.hpp"
#include "config/node.hpp"
#include "config/value.hpp"

namespace otpd {
namespace {

constexpr std::size_t max_bytes = 1U << 20U;
// A dotted key nests a table per two bytes, and tables are built and destroyed by recursion: this bounds its
// depth.
constexpr std::size_t max_line_bytes = 4096;

[[noreturn]] void refuse_text(std::string_view origin, std::size_t line, std::string_view text) {
  throw config_error{
      std::string{origin}.append(":").append(std::to_string(line)).append(": syntax: ").append(text)};
}

void check_lines(std::string_view toml, std::string_view origin) {
  if (toml.size() > max_bytes) refuse_text(origin, 1, "longer than 1 MiB");
  for (std::size_t begin = 0, line = 1; begin < toml.size(); ++line) {
    const std::size_t end = std::min(toml.find('\n', begin), toml.size());
    if (end - begin > max_line_bytes) refuse_text(origin, line, "a line longer than 4096 bytes");
    begin = end + 1;
  }
}

config_node convert(const toml::node& from) {
  config_node out;
  out.line = static_cast<unsigned>(from.source().begin.line);
  if (const auto* table = from.as_table()) {
    auto& members = out.data.emplace<config_node::table>();
    for (const auto& [key, value] : *table) {
      auto& member = members[std::string{key.str()}];
      member = convert(value);
      // The value of a key may be a table that is named on other lines as well.
      if (!value.is_table() || member.line == 0) member.line = static_cast<unsigned>(key.source().begin.line);
    }
  } else if (const auto* array = from.as_array()) {
    auto& elements = out.data.emplace<config_node::array>();
    for (const auto& element : *array)
      elements.push_back(convert(element));
  } else if (const auto* string = from.as_string()) {
    out.data = string->get();
  } else if (const auto* integer = from.as_integer()) {
    out.data = integer->get();
  } else if (const auto* boolean = from.as_boolean()) {
    out.data = boolean->get();
  }
  return out;
}

// The line at which toml++ broke its precondition; what it threw does not tell.
std::size_t breaking_line(std::string_view toml) {
  const auto breaks = [](std::string_view text) {
    try {
      static_cast<void>(toml::parse(text));
    } catch (const toml::parse_error&) {
    } catch (const std::logic_error&) {
      return true;
    }
    return false;
  };
  std::vector<std::size_t> ends;
  for (auto end = toml.find('\n'); end != toml.npos; end = toml.find('\n', end + 1))
    ends.push_back(end);
  const auto holds_up_to = [&](std::size_t end) { return !breaks(toml.substr(0, end)); };
  return static_cast<std::size_t>(std::ranges::partition_point(ends, holds_up_to) - ends.begin()) + 1;
}

}  // namespace

config_document::config_document(std::string_view toml, std::string_view origin) : origin_(origin) {
  check_lines(toml, origin);
  try {
    root_ = std::make_unique<config_node>(convert(toml::parse(toml)));
  } catch (const toml::parse_error& error) {
    refuse_text(origin, error.source().begin.line, error.description());
  } catch (const std::logic_error&) {
    refuse_text(origin, breaking_line(toml), "not a key");
  }
  root_->line = 1;
}

config_document::~config_document() = default;

config_value config_document::root() const {
  return {root_.get(), origin_, "", root_->line};
}

}  // namespace otpd
