#include "api/request_body.hpp"

#include <algorithm>

#include "api/problem.hpp"
#include "net/ascii.hpp"
#include "net/field_syntax.hpp"

namespace otpd::api {

bool read_body(const net::request& in, std::span<const std::string_view> allowed, json::object& into,
               net::response& out) {
  if (!net::equal_without_case(net::media_type(in.field_value("Content-Type")), "application/json")) {
    answer_problem({"unsupported_media_type"}, out);
    return false;
  }
  if (const auto fault = into.parse(in.body); fault != json::object::fault::none) {
    answer_problem({fault == json::object::fault::duplicate ? "duplicate_member" : "invalid_json"}, out);
    return false;
  }
  for (const auto& member : into.members()) {
    if (std::ranges::find(allowed, member.name) == allowed.end())
      return refuse_member("unknown_member", member.name, out);
  }
  return true;
}

bool read_text(const json::object& body, std::string_view name, std::string& into, net::response& out) {
  const auto* member = body.find(name);
  if (member == nullptr) return true;
  if (member->kind != json::kind::string) return refuse_member("invalid_member", name, out);
  into = member->text;
  return true;
}

bool read_required(const json::object& body, std::string_view name, std::string& into, net::response& out) {
  if (body.find(name) == nullptr) return refuse_member("missing_member", name, out);
  return read_text(body, name, into, out);
}

bool refuse_member(std::string_view code, std::string_view member, net::response& out) {
  problem what{code};
  what.member = member;
  answer_problem(what, out);
  return false;
}

}  // namespace otpd::api
