#include "api/dialects/request_data.hpp"

#include <algorithm>

#include "json/object.hpp"
#include "net/ascii.hpp"
#include "net/form.hpp"
#include "net/multipart.hpp"

namespace otpd::api::dialects {

namespace {

std::string_view media_type(std::string_view content_type) {
  std::string_view out = content_type.substr(0, content_type.find(';'));
  while (!out.empty() && (out.back() == ' ' || out.back() == '\t'))
    out.remove_suffix(1);
  return out;
}

// Spaces and text that a client has left as they are, which the framework reads as well (curl -d does not
// escape).
std::string with_escapes(std::string_view form) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  out.reserve(form.size());
  for (const char c : form) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
  return out;
}

}  // namespace

request_data::fault request_data::read(const net::request& in) {
  members_.clear();
  const std::string_view type = in.field_value("Content-Type");
  const std::string_view media = media_type(type);
  if (media.empty() && in.body.empty()) return fault::none;
  if (net::equal_without_case(media, "application/json")) return read_json(in.body);
  if (net::equal_without_case(media, "application/x-www-form-urlencoded"))
    return read_form(net::parse_form(with_escapes(in.body)));
  if (net::equal_without_case(media, "multipart/form-data"))
    return read_form(net::parse_multipart(type, in.body));
  detail_ = "Unsupported media type \"" + std::string(type) + "\" in request.";
  return fault::unsupported_media_type;
}

request_data::fault request_data::read_json(std::string_view body) {
  // As there, no body is no members.
  if (body.empty()) return fault::none;
  json::object object;
  if (object.parse(body) != json::object::fault::none) {
    detail_ = "JSON parse error - the body is not one JSON object with distinct members, within bounds";
    return fault::malformed;
  }
  for (const auto& each : object.members()) {
    member one{std::string(each.name), {}};
    if (each.kind == json::kind::string || each.kind == json::kind::number) one.text = std::string(each.text);
    members_.push_back(std::move(one));
  }
  return fault::none;
}

// Of a field that is there twice, the last one counts, as there.
request_data::fault request_data::read_form(std::optional<net::form> fields) {
  if (!fields) {
    detail_ = "Parse error - the form is malformed, or too large";
    return fault::malformed;
  }
  for (auto& each : *fields) {
    std::erase_if(members_, [&each](const member& known) { return known.name == each.name; });
    members_.push_back({std::move(each.name), std::move(each.value)});
  }
  return fault::none;
}

std::optional<std::string_view> request_data::text(std::string_view name) const noexcept {
  const auto found = std::ranges::find(members_, name, &member::name);
  if (found == members_.end() || !found->text) return std::nullopt;
  return *found->text;
}

bool request_data::has(std::string_view name) const noexcept {
  return std::ranges::find(members_, name, &member::name) != members_.end();
}

}  // namespace otpd::api::dialects
