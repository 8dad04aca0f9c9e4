// The part of JSON Schema that our OpenAPI document uses.

#include <algorithm>
#include <map>
#include <regex>

#include "api/openapi_document.hpp"

namespace otpd::api::test {

namespace json = boost::json;

namespace {

bool matches(const std::string& pattern, std::string_view text) {
  static std::map<std::string, std::regex> known;
  const auto [found, is_new] = known.try_emplace(pattern);
  if (is_new) found->second = std::regex(pattern, std::regex::ECMAScript);
  return std::regex_search(text.begin(), text.end(), found->second);
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string_view type_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "boolean";
    case json::kind::int64:
    case json::kind::uint64:
      return "integer";
    case json::kind::double_:
      return "number";
    case json::kind::string:
      return "string";
    case json::kind::array:
      return "array";
    case json::kind::object:
      return "object";
  }
  return "";
}

bool holds(const YAML::Node& list, std::string_view what) {
  const auto all = openapi_document::texts(list);
  return std::ranges::find(all, what) != all.end();
}

std::string text_fault(const YAML::Node& schema, std::string_view text) {
  constexpr const char* date_time = "^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z$";
  const std::string quoted = "\"" + std::string(text) + "\"";
  if (const auto one = schema["pattern"]; one && !matches(one.as<std::string>(), text))
    return quoted + " does not match " + one.as<std::string>();
  if (const auto one = schema["minLength"]; one && code_points(text) < one.as<std::size_t>())
    return quoted + " is too short";
  if (const auto one = schema["maxLength"]; one && code_points(text) > one.as<std::size_t>())
    return quoted + " is too long";
  if (const auto one = schema["format"];
      one && (one.as<std::string>() != "date-time" || !matches(date_time, text)))
    return quoted + " has not the format";
  if (const auto one = schema["enum"]; one && !holds(one, text)) return quoted + " is not in the enumeration";
  if (const auto one = schema["const"]; one && one.as<std::string>() != text)
    return quoted + " is not " + one.as<std::string>();
  return {};
}

// Nothing that this reader does not know may stand in a schema.
std::string language_fault(const YAML::Node& schema) {
  static const std::set<std::string> known{
      "$ref",    "type",    "description", "default",    "enum",
      "const",   "pattern", "minLength",   "maxLength",  "format",
      "minimum", "maximum", "required",    "properties", "additionalProperties",
      "allOf"};
  for (const auto& each : schema) {
    if (!known.contains(each.first.as<std::string>()))
      return "unknown keyword " + each.first.as<std::string>();
  }
  return {};
}

}  // namespace

std::string openapi_document::fault(const YAML::Node& schema, const json::value& value) const {
  if (auto why = language_fault(schema); !why.empty()) return why;
  if (schema["$ref"]) {
    if (auto why = fault(resolve(schema), value); !why.empty()) return why;
  }
  if (const auto all = schema["allOf"]) {
    for (const auto& each : all) {
      if (auto why = fault(each, value); !why.empty()) return why;
    }
  }
  if (const auto type = schema["type"]; type && !holds(type, type_of(value)))
    return "a value is of type " + std::string(type_of(value));
  if (value.is_string()) return text_fault(schema, value.get_string());
  if (value.is_int64()) {
    if (const auto least = schema["minimum"]; least && value.get_int64() < least.as<std::int64_t>())
      return "a number is too small";
    if (const auto most = schema["maximum"]; most && value.get_int64() > most.as<std::int64_t>())
      return "a number is too large";
  }
  return value.is_object() ? object_fault(schema, value.get_object()) : std::string();
}

std::string openapi_document::object_fault(const YAML::Node& schema, const json::object& value) const {
  if (const auto required = schema["required"]) {
    for (const auto& name : texts(required)) {
      if (!value.contains(name)) return "there is no member " + name;
    }
  }
  const YAML::Node properties = schema["properties"];
  const bool is_closed = schema["additionalProperties"] && !schema["additionalProperties"].as<bool>();
  for (const auto& [key, each] : value) {
    const std::string name(key);
    const auto property = properties ? properties[name] : YAML::Node(YAML::NodeType::Undefined);
    if (property && property.IsDefined()) {
      if (auto why = fault(property, each); !why.empty()) return name + ": " + why;
    } else if (is_closed) {
      return "there is a member " + name;
    }
  }
  return {};
}

}  // namespace otpd::api::test
