#include "api/running_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "api/openapi.hpp"
#include "json/writer.hpp"

namespace otpd::api::test {

using net::test::client_socket;

namespace {

constexpr std::string_view configuration = R"(
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
threads = 1
pre_drain = "0s"
drain_timeout = "1s"

[store]
durability = "process"
cache_mib = 8
ballast_mib = 0
min_free_mib = 0
min_free_percent = 0

[limits]
client_ip = "1000000/1s"
prefix = "1000000/1s"
country = "1000000/1s"
recipient_per_day = "1000000/1s"
failures_per_ip = "1000000/1s"

[delivery]
sms = "sink"
email = "null"

[log]
level = "error"

[providers.sink]
type = "http"
content_type = "text/plain"
body = "{to} {code}"
failures = [{status = "400", failure = "bad_number"}]
)";

// A later table of `tables` takes the place of ours, so that a test may say [limits] as well.
std::string without_table(std::string text, std::string_view name) {
  const auto begin = text.find(name);
  if (begin == std::string::npos) return text;
  const auto end = text.find("\n[", begin + 1);
  return text.erase(begin, end == std::string::npos ? end : end - begin);
}

std::string configuration_with(const std::string& tables, std::uint16_t sink_port) {
  std::string out(configuration);
  for (const std::string_view name : {"[limits]", "[delivery]"}) {
    if (tables.find(name) != std::string::npos) out = without_table(std::move(out), name);
  }
  out += "url = \"http://127.0.0.1:" + std::to_string(sink_port) + "/send\"\n";
  if (tables.find("[profiles.default]") == std::string::npos) {
    out +=
        "[profiles.default]\nresend_after = \"0s\"\nsends = \"1000000/1s\"\nfailures = "
        "\"1000000/1s\"\nmax_sends = 10\n";
  }
  return out + tables;
}

bool has_word(std::string_view text, std::string_view word) {
  const auto is_letter = [&](std::size_t i) {
    return i < text.size() && std::isalnum(static_cast<unsigned char>(text[i])) != 0;
  };
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    if ((at == 0 || !is_letter(at - 1)) && !is_letter(at + word.size())) return true;
  }
  return false;
}

std::string request_text(std::string_view method, std::string_view target, std::string_view body,
                         std::string_view fields) {
  std::string out;
  out.append(method).append(" ").append(target).append(" HTTP/1.1\r\n").append(fields);
  if (!fields.starts_with("Host:") && fields.find("\nHost:") == fields.npos)
    out.append("Host: localhost\r\n");
  if (!body.empty()) out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return out.append("\r\n").append(body);
}

}  // namespace

const openapi_document& described() {
  static const openapi_document document{std::string(openapi_text())};
  return document;
}

std::string object(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  std::string out;
  json::writer json(out);
  for (const auto& [name, value] : members)
    json.text(name, value);
  json.end();
  return out;
}

running_server::running_server(const std::string& tables, const std::function<void(config&)>& change)
    : settings_(parse_config(configuration_with(tables, sink_.port()), "the test's configuration")) {
  settings_.store.path = directory_ / "data";
  if (change) change(settings_);
  otpd_ = std::make_unique<application>(settings_, lines_);
  otpd_->start();
}

running_server::~running_server() {
  api_.reset();
  admin_.reset();
  EXPECT_TRUE(otpd_->stop(std::chrono::seconds(10)));
}

answer running_server::exchange(std::unique_ptr<client_socket>& over, std::uint16_t port,
                                std::string_view request, bool to_head) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const bool is_new = !over;
    if (is_new) over = std::make_unique<client_socket>(port);
    over->send(request);
    answer out = parse_answer(over->read_answer(to_head));
    if (out.header("Connection") == "close" || out.status == 0) over.reset();
    // A kept connection may have been idle for too long.
    if (out.status != 0 || is_new) return out;
  }
  return {};
}

answer running_server::ask(std::string_view method, std::string_view target, std::string_view body,
                           std::string_view fields) {
  const std::string type = body.empty() ? "" : "Content-Type: application/json\r\n";
  const bool to_head = method == "HEAD";
  const answer out =
      exchange(api_, otpd_->port(), request_text(method, target, body, type + std::string(fields)), to_head);
  judge(method, target, out);
  return out;
}

answer running_server::ask_with_type(std::string_view method, std::string_view target, std::string_view type,
                                     std::string_view body) {
  const std::string field = type.empty() ? std::string() : "Content-Type: " + std::string(type) + "\r\n";
  const answer out = exchange(api_, otpd_->port(), request_text(method, target, body, field), false);
  judge(method, target, out);
  return out;
}

answer running_server::ask_admin(std::string_view method, std::string_view target, std::string_view body,
                                 std::string_view fields) {
  const bool to_head = method == "HEAD";
  const std::string type = body.empty() || !fields.empty() ? "" : "Content-Type: application/json\r\n";
  const answer out = exchange(admin_, otpd_->admin_port(),
                              request_text(method, target, body, type + std::string(fields)), to_head);
  for (const auto& each : flaws(out, to_head))
    ADD_FAILURE() << method << " " << target << ": " << each;
  expect_no_code(out);
  return out;
}

answer running_server::ask_raw(std::string_view bytes) {
  client_socket over(otpd_->port());
  over.send(bytes);
  const answer out = parse_answer(over.read_all());
  for (const auto& each : flaws(out))
    ADD_FAILURE() << each << "\n" << bytes.substr(0, 200);
  return out;
}

void running_server::judge(std::string_view method, std::string_view target, const answer& what) const {
  const bool to_head = method == "HEAD";
  const std::string about = std::string(method) + " " + std::string(target) + " -> " +
                            std::to_string(what.status) + " " + what.body.substr(0, 300);
  for (const auto& each : flaws(what, to_head))
    ADD_FAILURE() << each << "\n" << about;
  expect_no_code(what);
  const bool is_no_operation = what.code() == "not_found" || what.status == 405;
  if (to_head || is_no_operation) return;
  const auto operation = operation_of(method, target);
  const std::string fault =
      described().answer_fault(operation, what.status, what.header("Content-Type"), what.json());
  EXPECT_EQ(fault, "") << about;
}

void running_server::expect_no_code(const answer& what) const {
  for (const auto& code : sink_.codes()) {
    EXPECT_FALSE(has_word(what.head, code) || has_word(what.body, code))
        << "the code " << code << " is in an answer: " << what.body;
  }
}

std::string running_server::start(std::string_view to, std::string_view members) {
  std::string body = "{\"to\":\"" + std::string(to) + "\"";
  if (!members.empty()) body.append(",").append(members);
  return ask("POST", "/v1/verifications", body + "}").text("id");
}

answer running_server::check(std::string_view id, std::string_view code) {
  return ask("POST", "/v1/verifications/" + std::string(id) + "/check", object({{"code", code}}));
}

std::string running_server::wrong_code_for(const std::string& to) const {
  std::string code = code_for(to);
  if (!code.empty()) code.back() = code.back() == '0' ? '1' : '0';
  return code;
}

}  // namespace otpd::api::test
