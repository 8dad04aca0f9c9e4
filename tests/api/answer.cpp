#include "api/answer.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <regex>

#include "api/problem.hpp"
#include "net/ascii.hpp"

namespace otpd::api::test {

namespace json = boost::json;

namespace {

struct line {
  std::string name;
  std::string value;
};

// The header lines after the status line; whatever is no header line has an empty name.
std::vector<line> lines_of(std::string_view head) {
  std::vector<line> out;
  for (auto end = head.find("\r\n"); end != head.npos; end = head.find("\r\n")) {
    head.remove_prefix(end + 2);
    const std::string_view text = head.substr(0, head.find("\r\n"));
    if (text.empty()) break;
    const auto colon = text.find(": ");
    if (colon == text.npos) {
      out.push_back({"", std::string(text)});
    } else {
      out.push_back({std::string(text.substr(0, colon)), std::string(text.substr(colon + 2))});
    }
  }
  return out;
}

void judge_lines(const answer& what, std::vector<std::string>& out) {
  static const std::regex token("[A-Za-z][A-Za-z0-9-]*");
  static const std::regex unwanted("server|via|x-powered-by|set-cookie|access-control-.*", std::regex::icase);
  std::set<std::string> seen;
  for (const auto& [name, value] : lines_of(what.head)) {
    if (!std::regex_match(name, token)) out.push_back("no header line: " + name + ": " + value);
    if (std::regex_match(name, unwanted)) out.push_back("a header that says too much: " + name);
    const auto is_bad = [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e;
    };
    if (value.empty() || std::ranges::any_of(value, is_bad))
      out.push_back("a header value that is empty or not plain: " + name);
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(), net::to_lower);
    if (!seen.insert(lower).second) out.push_back("a header twice: " + name);
  }
}

void judge_common(const answer& what, bool to_head, std::vector<std::string>& out) {
  static const std::regex status_line("HTTP/1\\.1 [2-5][0-9][0-9] [A-Za-z ]+\r\n");
  static const std::regex date(
      "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] [A-Z][a-z][a-z] [0-9]{4} [0-2][0-9]:[0-5][0-9]:[0-6][0-9] "
      "GMT");
  const std::string first = what.head.substr(0, what.head.find("\r\n") + 2);
  if (!std::regex_match(first, status_line)) out.push_back("the status line: " + first);
  if (!std::regex_match(what.header("Date"), date)) out.push_back("Date: " + what.header("Date"));
  if (what.header("X-Content-Type-Options") != "nosniff") out.push_back("no nosniff");
  // Public keys may be kept for a while.
  const bool is_kept = what.header("Content-Type") == "application/jwk-set+json";
  if (what.header("Cache-Control") != (is_kept ? "public, max-age=300" : "no-store"))
    out.push_back("Cache-Control: " + what.header("Cache-Control"));
  if (what.status == 204) {
    if (!what.header("Content-Type").empty() || !what.header("Content-Length").empty())
      out.push_back("204 with the header of a body");
  } else if (!to_head && what.header("Content-Length") != std::to_string(what.body.size())) {
    out.push_back("Content-Length: " + what.header("Content-Length") + " of " +
                  std::to_string(what.body.size()));
  }
}

void judge_problem(const answer& what, std::vector<std::string>& out) {
  if (what.header("Content-Type") != "application/problem+json")
    out.push_back("a refusal of type " + what.header("Content-Type"));
  if (what.number("status") != what.status)
    out.push_back("the body says status " + std::to_string(what.number("status")));
  if (what.text("title").empty()) out.push_back("no title");
  if (what.text("type") != "urn:otpd:problem:" + what.code()) out.push_back("type " + what.text("type"));
  const auto codes = problem_codes();
  if (std::ranges::find(codes, what.code()) == codes.end()) out.push_back("code " + what.code());
}

}  // namespace

std::string answer::header(std::string_view name) const {
  for (const auto& each : lines_of(head)) {
    if (net::equal_without_case(each.name, name)) return each.value;
  }
  return {};
}

json::value answer::json() const {
  json::error_code ec;
  json::value out = json::parse(body, ec);
  return ec ? json::value() : out;
}

bool answer::has(std::string_view member) const {
  return members().contains(std::string(member));
}

std::string answer::text(std::string_view member) const {
  const json::value all = json();
  const auto* found = all.is_object() ? all.get_object().if_contains(member) : nullptr;
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::int64_t answer::number(std::string_view member) const {
  const json::value all = json();
  const auto* found = all.is_object() ? all.get_object().if_contains(member) : nullptr;
  if (found == nullptr) return -1;
  if (found->is_bool()) return found->get_bool() ? 1 : 0;
  return found->is_int64() ? found->get_int64() : -1;
}

std::set<std::string> answer::members() const {
  std::set<std::string> out;
  const json::value all = json();
  if (!all.is_object()) return out;
  for (const auto& each : all.get_object())
    out.emplace(each.key());
  return out;
}

answer parse_answer(std::string_view bytes) {
  answer out;
  const auto end = bytes.find("\r\n\r\n");
  if (end == bytes.npos || !bytes.starts_with("HTTP/1.1 ")) return out;
  out.status = std::atoi(std::string(bytes.substr(9, 3)).c_str());
  out.head = bytes.substr(0, end + 4);
  out.body = bytes.substr(end + 4);
  return out;
}

std::vector<std::string> flaws(const answer& what, bool to_head) {
  std::vector<std::string> out;
  judge_lines(what, out);
  judge_common(what, to_head, out);
  const std::string type = what.header("Content-Type");
  const bool is_json = type == "application/json" || type == "application/problem+json";
  if (is_json && !to_head && what.json().is_null()) out.push_back("not JSON: " + what.body);
  // The administration's /readyz speaks to a person and to nobody else.
  const bool is_text = type == "text/plain; charset=utf-8" && what.status == 503;
  if (what.status >= 400 && !to_head && !is_text) judge_problem(what, out);
  static const std::regex seconds("[1-9][0-9]{0,8}");
  if ((what.status == 429 || what.status == 503) && !std::regex_match(what.header("Retry-After"), seconds)) {
    out.push_back("Retry-After: " + what.header("Retry-After"));
  }
  if (what.status == 401 && !what.header("WWW-Authenticate").starts_with("Bearer "))
    out.push_back("401 without WWW-Authenticate");
  if (what.status == 405 && what.header("Allow").empty()) out.push_back("405 without Allow");
  return out;
}

}  // namespace otpd::api::test
