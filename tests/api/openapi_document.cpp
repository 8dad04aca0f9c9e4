#include "api/openapi_document.hpp"

#include <algorithm>
#include <map>
#include <regex>

namespace otpd::api::test {

namespace json = boost::json;

namespace {

YAML::Node walk(const YAML::Node& from, std::string_view path) {
  if (path.empty() || !from.IsMap()) return from;
  const auto slash = std::min(path.find('/'), path.size());
  const YAML::Node next = from[std::string(path.substr(0, slash))];
  return next.IsDefined() ? walk(next, path.substr(std::min(slash + 1, path.size()))) : next;
}

// A quoted scalar is a string; a plain one is what JSON would make of it.
json::value to_json(const YAML::Node& node) {
  if (node.IsMap()) {
    json::object out;
    for (const auto& each : node)
      out[each.first.as<std::string>()] = to_json(each.second);
    return out;
  }
  if (node.IsSequence()) {
    json::array out;
    for (const auto& each : node)
      out.push_back(to_json(each));
    return out;
  }
  if (node.IsNull()) return nullptr;
  const auto text = node.as<std::string>();
  static const std::regex number("-?(0|[1-9][0-9]*)");
  if (node.Tag() == "!") return json::string(text);
  if (text == "true" || text == "false") return text == "true";
  if (std::regex_match(text, number)) return std::stoll(text);
  return json::string(text);
}

}  // namespace

std::vector<std::string> openapi_document::texts(const YAML::Node& node) {
  if (node.IsScalar()) return {node.as<std::string>()};
  std::vector<std::string> out;
  for (const auto& each : node)
    out.push_back(each.as<std::string>());
  return out;
}

YAML::Node openapi_document::resolve(const YAML::Node& node) const {
  if (!node.IsMap() || !node["$ref"]) return node;
  const auto path = node["$ref"].as<std::string>();
  if (!path.starts_with("#/")) throw std::runtime_error("not a reference we follow: " + path);
  const YAML::Node found = walk(root_, std::string_view(path).substr(2));
  if (!found.IsDefined()) throw std::runtime_error("a reference to nothing: " + path);
  return found;
}

YAML::Node openapi_document::find(const operation& of) const {
  std::string method = of.method;
  std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
  const YAML::Node& root = root_;
  const auto path = root["paths"][of.path];
  return path ? path[method] : YAML::Node(YAML::NodeType::Undefined);
}

YAML::Node openapi_document::response(const operation& of, int status) const {
  const YAML::Node one = find(of);
  if (!one || !one["responses"]) return YAML::Node(YAML::NodeType::Undefined);
  const YAML::Node found = one["responses"][std::to_string(status)];
  return found ? resolve(found) : found;
}

std::set<openapi_document::operation> openapi_document::operations() const {
  static const std::set<std::string> methods{"get",     "put",  "post",  "delete",
                                             "options", "head", "patch", "trace"};
  std::set<operation> out;
  for (const auto& path : root_["paths"]) {
    for (const auto& each : path.second) {
      std::string method = each.first.as<std::string>();
      if (!methods.contains(method)) continue;
      std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c & ~0x20); });
      out.insert({method, path.first.as<std::string>()});
    }
  }
  return out;
}

std::set<int> openapi_document::statuses(const operation& of) const {
  std::set<int> out;
  for (const auto& each : find(of)["responses"])
    out.insert(each.first.as<int>());
  return out;
}

void openapi_document::collect_codes(const YAML::Node& schema, std::set<std::string>& out) const {
  if (const auto all = schema["allOf"]) {
    for (const auto& each : all)
      collect_codes(each, out);
  }
  const auto code =
      schema["properties"] ? schema["properties"]["code"] : YAML::Node(YAML::NodeType::Undefined);
  if (!code || !code.IsDefined()) return;
  for (const char* keyword : {"enum", "const"}) {
    if (!code[keyword]) continue;
    for (const auto& each : texts(code[keyword]))
      out.insert(each);
  }
}

std::set<std::string> openapi_document::codes(const operation& of, int status) const {
  std::set<std::string> out;
  const auto found = response(of, status);
  if (found && found["content"] && found["content"]["application/problem+json"]) {
    collect_codes(found["content"]["application/problem+json"]["schema"], out);
  }
  return out;
}

std::set<std::string> openapi_document::codes(const operation& of) const {
  std::set<std::string> out;
  for (const int status : statuses(of))
    out.merge(codes(of, status));
  return out;
}

std::set<std::string> openapi_document::values_of(const std::string& schema) const {
  const auto all = texts(root_["components"]["schemas"][schema]["enum"]);
  return {all.begin(), all.end()};
}

void openapi_document::collect_members(const YAML::Node& schema, std::set<std::string>& out) const {
  if (schema["$ref"]) collect_members(resolve(schema), out);
  if (const auto all = schema["allOf"]) {
    for (const auto& each : all)
      collect_members(each, out);
  }
  if (const auto properties = schema["properties"]) {
    for (const auto& each : properties)
      out.insert(each.first.as<std::string>());
  }
}

std::set<std::string> openapi_document::members_of(const std::string& schema) const {
  std::set<std::string> out;
  collect_members(root_["components"]["schemas"][schema], out);
  return out;
}

std::vector<std::string> openapi_document::required_headers(const operation& of, int status) const {
  std::vector<std::string> out;
  const auto found = response(of, status);
  if (!found || !found["headers"]) return out;
  for (const auto& each : found["headers"])
    out.push_back(each.first.as<std::string>());
  return out;
}

std::string openapi_document::answer_fault(const operation& of, int status, const std::string& type,
                                           const json::value& body) const {
  const auto found = response(of, status);
  if (!found || !found.IsDefined())
    return of.method + " " + of.path + " has no answer " + std::to_string(status);
  if (!found["content"] && type.empty() && body.is_null()) return {};
  const auto content = found["content"] ? found["content"][type] : YAML::Node(YAML::NodeType::Undefined);
  if (!content || !content.IsDefined())
    return of.method + " " + of.path + " answers " + std::to_string(status) + " not as " + type;
  return type == "application/yaml" ? std::string() : fault(content["schema"], body);
}

std::string openapi_document::request_fault(const operation& of, const json::value& body) const {
  const auto one = find(of);
  const auto described = one ? one["requestBody"] : YAML::Node(YAML::NodeType::Undefined);
  if (!described || !described.IsDefined()) return "takes no body";
  return fault(described["content"]["application/json"]["schema"], body);
}

void openapi_document::judge_examples(const YAML::Node& node, std::vector<std::string>& out) const {
  if (!node.IsMap() && !node.IsSequence()) return;
  if (node.IsMap() && node["schema"] && node["examples"]) {
    for (const auto& each : node["examples"]) {
      const auto why = fault(node["schema"], to_json(resolve(each.second)["value"]));
      if (!why.empty()) out.push_back(each.first.as<std::string>() + ": " + why);
    }
  }
  for (const auto& each : node)
    judge_examples(node.IsMap() ? each.second : each, out);
}

std::vector<std::string> openapi_document::example_faults() const {
  std::vector<std::string> out;
  judge_examples(root_, out);
  return out;
}

openapi_document::operation operation_of(std::string_view method, std::string_view target) {
  constexpr std::string_view root = "/v1/verifications/";
  std::string path(target.substr(0, target.find('?')));
  if (path.starts_with(root) && path != "/v1/verifications/check") {
    const auto end = std::min(path.find('/', root.size()), path.size());
    path.replace(root.size(), end - root.size(), "{id}");
  }
  constexpr std::string_view hooks = "/hooks/";
  if (path.starts_with(hooks)) path.replace(hooks.size(), path.size(), "{provider}");
  return {method == "HEAD" ? "GET" : std::string(method), std::move(path)};
}

}  // namespace otpd::api::test
