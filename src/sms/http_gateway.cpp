#include "sms/http_gateway.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "net/ascii.hpp"
#include "net/field_syntax.hpp"
#include "sms/endpoint.hpp"
#include "sms/form.hpp"
#include "sms/http_auth.hpp"
#include "sms/json_answer.hpp"
#include "sms/json_text_at.hpp"
#include "sms/outcome.hpp"

namespace otpd::sms {

namespace json = boost::json;

namespace {

// The client writes these itself, or framing depends on them.
constexpr std::array<std::string_view, 8> reserved_fields = {
    "host", "content-length", "transfer-encoding", "connection", "upgrade", "content-type", "expect", "te"};

[[noreturn]] void refuse(std::string_view option, std::string_view why) {
  throw std::invalid_argument(std::string{option} + ": " + std::string{why});
}

pattern parse_pattern(std::string_view option, std::string_view text) try {
  return pattern{text, http_gateway_names};
} catch (const std::invalid_argument& error) {
  refuse(option, error.what());
}

status_set parse_statuses(std::string_view option, std::string_view text) try {
  return status_set{text};
} catch (const std::invalid_argument& error) {
  refuse(option, error.what());
}

net::method parse_method(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, net::method>, 5> methods = {
      {{"GET", net::method::get},
       {"POST", net::method::post},
       {"PUT", net::method::put},
       {"PATCH", net::method::patch},
       {"DELETE", net::method::del}}};
  const auto at =
      std::find_if(methods.begin(), methods.end(), [text](const auto& each) { return each.first == text; });
  if (at == methods.end()) refuse("method", "is none of GET, POST, PUT, PATCH, DELETE");
  return at->second;
}

std::string check_pointer(std::string_view option, const std::string& pointer) {
  if (!is_json_pointer(pointer)) refuse(option, "is not a JSON pointer (RFC 6901)");
  return pointer;
}

const json::value* find(const json::value* root, const std::string& pointer) noexcept {
  if (!root) return nullptr;
  boost::system::error_code ec;
  return root->find_pointer(pointer, ec);
}

bool equals(const json::value& value, std::string_view expected) {
  if (const json::string* text = value.if_string())
    return std::string_view{text->data(), text->size()} == expected;
  return !value.is_structured() && json::serialize(value) == expected;
}

webhook_signer signer_of(const http_auth_options& options) {
  refuse_fault(fault_of(options));
  return webhook_signer{options.signing_secrets};
}

std::string_view sender_of(const rendered_message& message, std::string_view own) noexcept {
  return message.from.empty() ? own : message.from;
}

}  // namespace

http_gateway::http_gateway(const http_gateway_options& options, std::shared_ptr<const net::client_tls> tls)
    : from_(options.from), signer_(signer_of(options.auth)) {
  blank_.method = parse_method(options.method);
  blank_.tls = std::move(tls);
  blank_.connect_timeout = options.connect_timeout;
  blank_.timeout = options.timeout;
  blank_.max_connections = options.max_connections;
  read_url(options);
  read_auth(options);
  read_fields(options);
  read_body(options);
  read_predicate(options);
}

void http_gateway::read_url(const http_gateway_options& options) {
  const std::size_t scheme_end = options.url.find("://");
  const std::size_t authority = scheme_end == std::string::npos ? options.url.size() : scheme_end + 3;
  const std::size_t target = std::min(options.url.find_first_of("/?", authority), options.url.size());
  const auto origin = net::parse_url(std::string_view{options.url}.substr(0, target));
  if (!origin) refuse("url", "is not an absolute http or https URL");
  if (!origin->encrypted && !options.insecure && !net::is_loopback(*origin))
    refuse("url", "is http:// to another host; use https://, or say insecure = true");
  if (origin->encrypted && !blank_.tls) refuse("url", "is https:// and there is nobody to trust");
  blank_.url = *origin;

  std::string path = options.url.substr(target);
  if (!path.starts_with('/')) path.insert(0, "/");
  target_ = parse_pattern("url", path);
  // What is not a name must be fit for a request line.
  std::string sample;
  target_.render(sample, [](std::string& out, std::size_t) { out.push_back('x'); });
  if (!net::parse_url("http://h" + sample)) refuse("url", "has a character that a URL may not have");
}

void http_gateway::read_auth(const http_gateway_options& options) {
  for (const auto& [field, value] : auth_fields(options.auth))
    blank_.add_field(field, value);
  for (const auto& [field, value] : options.headers)
    if (writes_field(options.auth, field)) refuse("headers." + field, "is set by auth");
}

void http_gateway::read_fields(const http_gateway_options& options) {
  bool has_agent = false;
  for (const auto& [field, value] : options.headers) {
    const std::string option = "headers." + field;
    const auto is_this = [&](std::string_view each) { return net::equal_without_case(each, field); };
    if (std::any_of(reserved_fields.begin(), reserved_fields.end(), is_this))
      refuse(option, is_this("content-type") ? "is set by content_type" : "is set by the client");
    if (!net::is_token(field)) refuse(option, "is not a header name");
    if (!net::is_field_value(value)) refuse(option, "has a control character");
    has_agent = has_agent || is_this("user-agent");
    pattern parsed = parse_pattern(option, value);
    if (parsed.is_constant()) {
      blank_.add_field(field, value);
    } else {
      fields_.emplace_back(field, std::move(parsed));
    }
  }
  if (!has_agent) blank_.add_field("User-Agent", "otpd");
}

void http_gateway::read_body(const http_gateway_options& options) {
  std::string type = options.content_type;
  if (type == "json") type = "application/json";
  if (type == "form") type = form_media_type;
  body_escape_ = escape_for(type);
  body_ = parse_pattern("body", options.body);
  if (options.body.empty()) return;
  if (type.find('/') == std::string::npos || !blank_.add_field("Content-Type", type))
    refuse("content_type", "is neither json nor form nor a media type");

  if (body_escape_ != escape::json) return;
  // A code that begins with a zero shows whether {code} stands where JSON wants a number.
  rendered_message sample;
  sample.to = "+10000000000";
  sample.text = sample.from = sample.callback = sample.subject = "\"";
  sample.code = sample.reference = "012345";
  sample.locale = "en";
  std::string text;
  render(text, body_, sample, body_escape_);
  boost::system::error_code ec;
  json::parse(text, ec);
  if (ec) refuse("body", "does not make JSON; names stand inside of strings");
}

void http_gateway::read_predicate(const http_gateway_options& options) {
  success_status_ = parse_statuses("success_status", options.success_status);
  success_body_contains_ = options.success_body_contains;
  success_pointer_ = check_pointer("success_json_pointer", options.success_json_pointer);
  success_value_ = options.success_json_value;
  if (success_pointer_.empty() && !success_value_.empty())
    refuse("success_json_value", "needs success_json_pointer");
  id_pointer_ = check_pointer("message_id_json_pointer", options.message_id_json_pointer);
  for (const failure_rule& each : options.failures) {
    if (each.failure == otp::failure::none) refuse("failures", "a rule cannot make a refusal a success");
    const auto statuses =
        each.status.empty() ? status_set::all() : parse_statuses("failures.status", each.status);
    rules_.push_back({statuses, each.body_contains, each.failure});
  }
}

void http_gateway::render(std::string& out, const pattern& what, const rendered_message& message,
                          escape how) const {
  what.render(out, [&](std::string& to, std::size_t value) {
    switch (static_cast<http_gateway_name>(value)) {
      case http_gateway_name::to:
        return append_escaped(to, message.to, how);
      case http_gateway_name::to_digits:
        return append_escaped(to, message.to.substr(message.to.starts_with('+') ? 1 : 0), how);
      case http_gateway_name::text:
        return append_escaped(to, message.text, how);
      case http_gateway_name::from:
        return append_escaped(to, sender_of(message, from_), how);
      case http_gateway_name::code:
        return append_escaped(to, message.code, how);
      case http_gateway_name::reference:
        return append_escaped(to, message.reference, how);
      case http_gateway_name::callback:
        return append_escaped(to, message.callback, how);
      case http_gateway_name::locale:
        return append_escaped(to, message.locale, how);
      case http_gateway_name::subject:
        return append_escaped(to, message.subject, how);
      case http_gateway_name::lifetime:
        return append_escaped(to, std::to_string(message.lifetime.count()), how);
    }
  });
}

void http_gateway::sign(net::http_call& call, const rendered_message& message) const {
  const std::string id =
      message.reference.empty() ? signer_.make_id(message.at, call.body) : std::string{message.reference};
  call.add_field(webhook_id_field, id);
  call.add_field(webhook_timestamp_field, std::to_string(message.at.time_since_epoch().count()));
  call.add_field(webhook_signature_field, signer_.sign(id, message.at, call.body));
}

net::http_call http_gateway::encode(const rendered_message& message) const {
  net::http_call call = blank_;
  call.url.target.clear();
  render(call.url.target, target_, message, escape::percent);
  for (const auto& [field, value] : fields_) {
    std::string text;
    render(text, value, message, escape::header);
    call.add_field(field, text);
  }
  render(call.body, body_, message, body_escape_);
  if (signer_.has_secret()) sign(call, message);
  return call;
}

bool http_gateway::is_success(const net::http_answer& answer, const json::value* root) const {
  if (!success_status_.contains(answer.status)) return false;
  if (answer.body.find(success_body_contains_) == std::string::npos) return false;
  if (success_pointer_.empty()) return true;
  const json::value* value = find(root, success_pointer_);
  return value && (success_value_.empty() || equals(*value, success_value_));
}

verdict http_gateway::decode(const net::http_answer& answer) const {
  const bool needs_json = !success_pointer_.empty() || !id_pointer_.empty();
  const json_answer parsed{needs_json ? std::string_view{answer.body} : std::string_view{}};
  const json::value* root = parsed.root();
  if (is_success(answer, root)) {
    const json::value* id = id_pointer_.empty() ? nullptr : find(root, id_pointer_);
    return {otp::failure::none, id_of(id)};
  }
  for (const rule& each : rules_)
    if (each.status.contains(answer.status) && answer.body.find(each.body_contains) != std::string::npos)
      return {each.failure, {}};
  return {failure_of_status(answer), {}};
}

}  // namespace otpd::sms
