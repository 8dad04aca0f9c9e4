#include "api/dialects/request_data.hpp"

#include <algorithm>

#include "net/ascii.hpp"
#include "net/field_syntax.hpp"
#include "net/form.hpp"
#include "net/multipart.hpp"

namespace otpd::api::dialects {

namespace {

constexpr std::string_view json_error =
    "JSON parse error - the body is not one JSON object with distinct members, within bounds";
constexpr std::string_view multipart_error =
    "Multipart form parse error - the body is not framed by its boundary, or is over a bound";

// Bytes outside of ASCII as the framework takes them from a header field: Latin-1.
std::string utf8_of(std::string_view latin1) {
  std::string out;
  for (const char c : latin1) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | (byte >> 6));
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return out;
}

}  // namespace

request_data::fault request_data::read(const net::request& in) {
  members_.clear();
  const std::string_view type = in.field_value("Content-Type");
  const std::string_view media = net::media_type(type);
  // As there, no body is no members, whatever it is called.
  if (in.body.empty()) return fault::none;
  if (net::equal_without_case(media, "application/json")) return read_json(in.body);
  if (net::equal_without_case(media, "application/x-www-form-urlencoded"))
    return read_form(net::parse_form(in.body, net::form_syntax::lenient), "Malformed request.");
  if (net::equal_without_case(media, "multipart/form-data"))
    return read_form(net::parse_multipart(type, in.body), multipart_error);
  detail_ = "Unsupported media type \"" + utf8_of(type) + "\" in request.";
  return fault::unsupported_media_type;
}

request_data::fault request_data::read_json(std::string_view body) {
  json::object object;
  if (object.parse(body) != json::object::fault::none) {
    detail_ = json_error;
    return fault::malformed;
  }
  for (const auto& each : object.members()) {
    member one{std::string(each.name), each.kind, {}};
    if (each.kind == json::kind::string || each.kind == json::kind::number) one.text = std::string(each.text);
    members_.push_back(std::move(one));
  }
  return fault::none;
}

// Of a field that is there twice, the last one counts, as there.
request_data::fault request_data::read_form(std::optional<net::form> fields, std::string_view malformed) {
  if (!fields) {
    detail_ = malformed;
    return fault::malformed;
  }
  for (auto& each : *fields) {
    std::erase_if(members_, [&each](const member& known) { return known.name == each.name; });
    members_.push_back({std::move(each.name), json::kind::string, std::move(each.value)});
  }
  return fault::none;
}

const request_data::member* request_data::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(members_, name, &member::name);
  return found == members_.end() ? nullptr : &*found;
}

std::optional<std::string_view> request_data::text(std::string_view name) const noexcept {
  const member* found = find(name);
  if (found == nullptr || !found->text) return std::nullopt;
  return *found->text;
}

bool request_data::has(std::string_view name) const noexcept {
  return find(name) != nullptr;
}

bool request_data::is_null(std::string_view name) const noexcept {
  const member* found = find(name);
  return found != nullptr && found->kind == json::kind::null;
}

bool request_data::is_number(std::string_view name) const noexcept {
  const member* found = find(name);
  return found != nullptr && found->kind == json::kind::number;
}

}  // namespace otpd::api::dialects
