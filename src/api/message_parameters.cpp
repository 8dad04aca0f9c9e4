#include "api/message_parameters.hpp"

#include "api/request_body.hpp"

namespace otpd::api {

namespace {

constexpr std::size_t max_parameters = 8;
constexpr std::size_t longest_name = 20;
constexpr std::size_t longest_value = 160;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

bool refuse_named(std::string_view code, std::string_view name, net::response& out) {
  return refuse_member(code, std::string{parameters_member}.append(".").append(name), out);
}

}  // namespace

bool read_parameters(const json::object& body, std::vector<otp::message_value>& into, net::response& out) {
  const auto* member = body.find(parameters_member);
  if (member == nullptr) return true;
  if (member->kind != json::kind::object || body.inner().size() > max_parameters)
    return refuse_member("invalid_member", parameters_member, out);
  for (const auto& each : body.inner()) {
    if (!is_name(each.name)) return refuse_member("invalid_member", parameters_member, out);
    if (each.kind != json::kind::string || each.text.size() > longest_value)
      return refuse_named("invalid_member", each.name, out);
  }
  for (const auto& each : body.inner())
    into.push_back({std::string{each.name}, std::string{each.text}});
  return true;
}

bool refuse_parameter(const otp::parameter_verdict& why, net::response& out) {
  const std::string_view code = why.fault == otp::parameter_fault::unknown   ? "unknown_member"
                                : why.fault == otp::parameter_fault::missing ? "missing_member"
                                                                             : "invalid_member";
  return refuse_named(code, why.name, out);
}

}  // namespace otpd::api
