#include "system/twilio_mock.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>

#include "system/signatures.hpp"

namespace otpd::test {

namespace json = boost::json;

namespace {

constexpr const char* path = "/2010-04-01/Accounts/{AccountSid}/Messages.json";
constexpr const char* form_type = "application/x-www-form-urlencoded";

json::value read_document() {
  std::ifstream in(twilio_mock::document(), std::ios::binary);
  json::parse_options deep;
  deep.max_depth = 100;
  return json::parse(std::string{std::istreambuf_iterator<char>{in}, {}}, {}, deep);
}

// "#/components/schemas/name"
const json::object& referred(const json::value& document, const json::value& reference) {
  const std::string text = reference.at("$ref").as_string().c_str();
  return document.at("components").at("schemas").at(text.substr(text.rfind('/') + 1)).as_object();
}

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains({name.data(), name.size()});
  return found != nullptr && found->is_string() ? std::string(found->as_string().c_str()) : std::string();
}

bool fits(const json::object& schema, const std::string& value) {
  const std::string pattern = text_at(schema, "pattern");
  if (!pattern.empty() && !std::regex_match(value, std::regex(pattern))) return false;
  if (text_at(schema, "type") == "integer" && !std::regex_match(value, std::regex("[0-9]+"))) return false;
  return text_at(schema, "format") != "uri" || value.starts_with("https://");
}

}  // namespace

std::filesystem::path twilio_mock::document() {
  return std::filesystem::path(OTPD_SOURCE_DIR) / ".." / "shared" / "data" / "twilio" /
         "twilio_api_v2010.json";
}

twilio_mock::twilio_mock(std::string account_sid, std::string auth_token)
    : x_document(read_document()), x_account(std::move(account_sid)), x_token(std::move(auth_token)) {
  x_post = &x_document.at("paths").at(path).at("post").as_object();
  const auto& schema = x_post->at("requestBody").at("content").at(form_type).at("schema");
  x_fields = &schema.at("properties").as_object();
  const auto& answer = x_post->at("responses").at("201").at("content").at("application/json").at("schema");
  x_message = &referred(x_document, answer).at("properties").as_object();
}

void twilio_mock::fault(const std::string& what) {
  const std::lock_guard held(x_mutex);
  x_faults.push_back(what);
}

std::vector<std::string> twilio_mock::faults() const {
  const std::lock_guard held(x_mutex);
  return x_faults;
}

void twilio_mock::check_frame(const vendor_request& request) {
  std::string target = path;
  target.replace(target.find("{AccountSid}"), std::string("{AccountSid}").size(), x_account);
  if (request.method() != "POST" || request.target() != target) fault(request.method() + " of another path");
  if (request.field("Content-Type") != form_type) fault("Content-Type: " + request.field("Content-Type"));
  if (request.field("Authorization") != "Basic " + base64(x_account + ":" + x_token)) fault("Authorization");
}

void twilio_mock::check_field(const std::string& name, const std::string& value) {
  const json::value* schema = x_fields->if_contains(name);
  if (schema == nullptr) return fault(name + ": unknown");
  const bool is_reference = schema->as_object().contains("$ref");
  const json::object& rule = is_reference ? referred(x_document, *schema) : schema->as_object();
  if (!fits(rule, value)) fault(name + ": not as the document has it");
}

void twilio_mock::check_form(const form& fields) {
  for (const auto& [name, value] : fields)
    check_field(name, value);
  const auto& schema = x_post->at("requestBody").at("content").at(form_type).at("schema");
  for (const auto& each : schema.at("required").as_array()) {
    if (!fields.contains(each.as_string().c_str())) fault(std::string(each.as_string()) + ": missing");
  }
  // The document says this in prose.
  if (fields.contains("From") == fields.contains("MessagingServiceSid")) fault("From or MessagingServiceSid");
  const auto body = fields.find("Body");
  if (body == fields.end() || body->second.empty() || body->second.size() > 1600) fault("Body");
}

json::object twilio_mock::message_of(const form& fields) {
  const auto field = [&](const char* name) -> json::value {
    const auto found = fields.find(name);
    return found == fields.end() ? json::value(nullptr) : json::value(found->second);
  };
  std::string number;
  {
    const std::lock_guard held(x_mutex);
    number = std::to_string(++x_count);
  }
  const std::string sid = "SM" + std::string(32 - number.size(), '0') + number;
  const std::string now = "Thu, 24 Aug 2023 05:01:45 +0000";
  const json::object known{{"account_sid", x_account},
                           {"api_version", "2010-04-01"},
                           {"body", field("Body")},
                           {"date_created", now},
                           {"date_updated", now},
                           {"direction", "outbound-api"},
                           {"from", field("From")},
                           {"messaging_service_sid", field("MessagingServiceSid")},
                           {"num_media", "0"},
                           {"num_segments", "1"},
                           {"price_unit", "USD"},
                           {"sid", sid},
                           {"status", "queued"},
                           {"to", field("To")},
                           {"subresource_uris", json::object()}};
  json::object out;
  for (const auto& member : *x_message) {
    const json::value* value = known.if_contains(member.key());
    out[member.key()] = value != nullptr ? *value : json::value(nullptr);
    if (value != nullptr && value->is_string() && !member.value().as_object().contains("$ref") &&
        !fits(member.value().as_object(), value->as_string().c_str()))
      fault("the mock's own " + std::string(member.key()));
  }
  if (out.size() < known.size()) fault("the document's Message has other members than the mock knows");
  return out;
}

vendor_answer twilio_mock::answer(const vendor_request& request) {
  const std::size_t before = faults().size();
  check_frame(request);
  const form fields = request.form();
  check_form(fields);
  if (faults().size() > before) return answer_of(400, R"({"code":21602,"message":"invalid","status":400})");
  return answer_of(201, json::serialize(message_of(fields)));
}

}  // namespace otpd::test
