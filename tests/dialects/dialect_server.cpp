#include "dialects/dialect_server.hpp"

#include <boost/json.hpp>

namespace otpd::dialects::test {

using otpd::test::http_answer;
using otpd::test::http_connection;

namespace {

constexpr std::string_view delivery = "[delivery]\nsms = \"sink\"\nemail = \"sink\"\n";

reply reply_of(const http_answer& from) {
  return {from.status, from.body, from.head};
}

}  // namespace

std::string reply::field(std::string_view name) const {
  const std::string begin = "\r\n" + std::string(name) + ": ";
  const auto at = head.find(begin);
  if (at == head.npos) return {};
  const auto value = at + begin.size();
  return head.substr(value, head.find("\r\n", value) - value);
}

std::string reply::cookie() const {
  const std::string set = field("Set-Cookie");
  return set.empty() ? std::string() : "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
}

std::string reply::text(std::string_view name) const {
  boost::system::error_code ec;
  const auto parsed = boost::json::parse(body, ec);
  if (ec || !parsed.is_object()) return {};
  const auto* member = parsed.as_object().if_contains(name);
  return member != nullptr && member->is_string() ? std::string(member->as_string()) : std::string();
}

std::string show(const reply& what) {
  return what.head + what.body;
}

testing::AssertionResult is_reply(const char*, const char*, const char*, const reply& what, int status,
                                  const std::string& body) {
  if (what.status == status && what.body == body) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "expected " << status << " " << body << "\n     got " << show(what);
}

std::string request_text(std::string_view method, std::string_view path, std::string_view fields,
                         std::string_view body, std::string_view type) {
  std::string out = std::string(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
  out.append(fields);
  if (!type.empty()) out.append("Content-Type: ").append(type).append("\r\n");
  if (!body.empty() || method == "POST")
    out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return out.append("\r\n").append(body);
}

dialect_server::dialect_server(const std::string& tables, const std::function<void(config&)>& change)
    : server_(std::string(delivery) + tables, change) {}

reply dialect_server::post(std::string_view path, std::string_view body, std::string_view type,
                           std::string_view fields) {
  return ask("POST", path, fields, body, type);
}

reply dialect_server::ask(std::string_view method, std::string_view path, std::string_view fields,
                          std::string_view body, std::string_view type) {
  return reply_of(otpd::test::ask(server_.port(), request_text(method, path, fields, body, type)));
}

reply dialect_server::administer(std::string_view path, std::string_view body) {
  return reply_of(otpd::test::ask(server_.otpd().admin_port(), request_text("POST", path, {}, body, json)));
}

}  // namespace otpd::dialects::test
