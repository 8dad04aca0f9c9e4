#include "system/receipt_world.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <stdexcept>

namespace otpd::test {

namespace {

constexpr std::string_view vonage_sent =
    R"({"message-count":"1","messages":[{"message-id":"0A1","status":"0"}]})";

vendor_answer accept(const vendor_request& request) {
  if (request.target().starts_with("/2010-04-01"))
    return answer_of(201, R"({"sid":"SM00000000000000000000000000000001","status":"queued"})");
  return answer_of(200, request.target() == "/sms/json" ? vonage_sent : R"({"status":"ok"})");
}

std::string told(const http_answer& answer) {
  const std::string status = std::to_string(answer.status);
  return answer.body.empty() ? status : status + " " + answer.text("code");
}

// Where each vendor has the reference and the callback.
void read_names(const vendor_request& request, receipt_world::sent& out) {
  if (request.target() == "/gateway") {
    const auto body = boost::json::parse(request.body);
    out.reference = body.at("ref").as_string().c_str();
    out.callback = body.at("callback").as_string().c_str();
    return;
  }
  const auto form = request.form();
  const bool is_vonage = request.target() == "/sms/json";
  out.callback = form.at(is_vonage ? "callback" : "StatusCallback");
  out.reference = is_vonage ? form.at("client-ref") : out.callback.substr(out.callback.find("?ref=") + 5);
}

}  // namespace

std::string form_of(const fields& what) {
  std::string out;
  for (const auto& [name, value] : what)
    out.append(out.empty() ? "" : "&")
        .append(percent_encoded(name))
        .append("=")
        .append(percent_encoded(value));
  return out;
}

std::string unix_time(int offset) {
  const auto now = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
  return std::to_string(now + offset);
}

receipt_world::receipt_world()
    : x_who(server.identity_of_stub()),
      x_stub(x_who, [this](const vendor_request& each) { return answer(each); }) {
  server.delivery("public_url = \"" + std::string(public_url) + "\"\n");
}

void receipt_world::provider(const std::string& name, std::string_view vendor, const std::string& prefix,
                             const std::string& lines) {
  if (vendor == "http") {
    server.provider(name, "type = \"http\"\nurl = \"" + x_stub.url() + "/gateway\"\n" +
                              "body = '{\"to\":\"{to}\",\"text\":\"{text}\",\"ref\":\"{reference}\"," +
                              "\"callback\":\"{callback}\"}'\n" + lines);
  } else {
    server.provider(name, vendor, x_stub.url(), lines);
  }
  server.route(prefix, {name});
}

vendor_answer receipt_world::answer(const vendor_request& request) const {
  auto other = instead ? instead(request) : std::nullopt;
  return other ? *std::move(other) : accept(request);
}

receipt_world::sent receipt_world::newest(const http_answer& from, const std::string& to) const {
  sent out;
  out.id = from.text("id");
  const auto seen = x_stub.requests_with(to.substr(1));
  if (from.text("delivery") != "sent" || seen.empty()) throw std::runtime_error("not sent: " + from.body);
  out.request = seen.back();
  read_names(out.request, out);
  return out;
}

receipt_world::sent receipt_world::send(const std::string& to) {
  return newest(server.issue(to), to);
}

receipt_world::sent receipt_world::send_again(const sent& first, const std::string& to) {
  return newest(server.resend(first.id), to);
}

std::string receipt_world::post(const std::string& target, const std::string& type, const std::string& body,
                                const std::string& more) const {
  return told(ask(server.port(),
                  "POST " + target + " HTTP/1.1\r\nHost: otp.example.com\r\nContent-Type: " + type + "\r\n" +
                      more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
}

std::string receipt_world::request(const std::string& method, const std::string& target) const {
  const bool has_body = method != "GET";
  return told(ask(server.port(), method + " " + target + " HTTP/1.1\r\nHost: otp.example.com\r\n" +
                                     (has_body ? "Content-Length: 0\r\n\r\n" : "\r\n")));
}

}  // namespace otpd::test
