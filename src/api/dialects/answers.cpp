#include "api/dialects/answers.hpp"

#include <algorithm>

#include "json/writer.hpp"
#include "net/ascii.hpp"
#include "otp/written_text.hpp"

namespace otpd::api::dialects {

namespace {

constexpr std::string_view json_type = "application/json";

void answer_one(unsigned status, std::string_view name, std::string_view text, net::response& out) {
  out.status = status;
  out.content_type = json_type;
  json::writer json(out.body);
  json.text(name, text);
  json.end();
}

std::string_view name_of(net::method method) {
  switch (method) {
    case net::method::get:
      return "GET";
    case net::method::head:
      return "HEAD";
    case net::method::post:
      return "POST";
    case net::method::put:
      return "PUT";
    case net::method::patch:
      return "PATCH";
    case net::method::del:
      return "DELETE";
    case net::method::options:
      return "OPTIONS";
    case net::method::other:
      break;
  }
  return "OTHER";
}

}  // namespace

void answer_message(unsigned status, std::string_view text, net::response& out) {
  answer_one(status, "message", text, out);
}

void answer_detail(unsigned status, std::string_view text, net::response& out) {
  answer_one(status, "detail", text, out);
}

void answer_field(std::string_view field, std::string_view text, net::response& out) {
  out.status = 400;
  out.content_type = json_type;
  json::writer json(out.body);
  json.texts(field, {&text, 1});
  json.end();
}

std::optional<std::string_view> required(const request_data& data, std::string_view field,
                                         net::response& out) {
  const auto text = data.text(field);
  if (!text) {
    answer_field(field, data.has(field) ? "Not a valid string." : "This field is required.", out);
    return std::nullopt;
  }
  if (otp::strip(*text).empty()) {
    answer_field(field, "This field may not be blank.", out);
    return std::nullopt;
  }
  return otp::strip(*text);
}

bool read_data(const net::request& in, request_data& into, net::response& out) {
  const auto fault = into.read(in);
  if (fault == request_data::fault::none) return true;
  answer_detail(fault == request_data::fault::malformed ? 400 : 415, into.detail(), out);
  return false;
}

void answer_method_not_allowed(net::method method, std::string_view allowed, net::response& out) {
  answer_detail(405, std::string("Method \"").append(name_of(method)).append("\" not allowed."), out);
  out.add_field("Allow", allowed);
}

void answer_unauthenticated(bool is_given, net::response& out) {
  out.add_field("WWW-Authenticate", "Bearer realm=\"api\"");
  if (!is_given) return answer_detail(401, "Authentication credentials were not provided.", out);
  out.status = 401;
  out.content_type = json_type;
  out.body =
      R"({"detail":"Given token not valid for any token type","code":"token_not_valid",)"
      R"("messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is invalid or expired"}]})";
}

void add_retry_after(otp::milliseconds wait, net::response& out) {
  if (wait.count() <= 0) return;
  out.add_field("Retry-After", std::to_string((wait.count() + 999) / 1000));
}

trouble trouble_of(otp::errc code) noexcept {
  using otp::errc;
  switch (code) {
    case errc::invalid_recipient:
    case errc::channel_not_allowed:
    case errc::country_not_allowed:
      return trouble::bad_address;
    case errc::rate_limited:
    case errc::recipient_locked:
      return trouble::too_many;
    case errc::invalid_code:
    case errc::not_found:
    case errc::approved:
    case errc::canceled:
    case errc::max_attempts_reached:
    case errc::too_many_failures:
      return trouble::wrong;
    case errc::expired:
      return trouble::expired;
    case errc::unknown_profile:
    case errc::id_required:
    case errc::delivery_failed:
    case errc::provider_unavailable:
    case errc::invalid_parameters:
    case errc::overloaded:
    case errc::store_unavailable:
    case errc::storage_low:
      break;
  }
  return trouble::ours;
}

std::string written_code(std::string_view text) {
  return otp::fold_digits(otp::strip(text));
}

std::string written_code(const request_data& data, std::string_view name, std::size_t length) {
  std::string out = written_code(data.text(name).value_or(""));
  const bool lost_zeros = data.is_number(name) && std::ranges::all_of(out, net::is_digit);
  if (lost_zeros && out.size() < length) out.insert(0, length - out.size(), '0');
  return out;
}

otp::caller caller_of(const net::request& in, const trusted_proxies& proxies) {
  otp::caller out;
  out.client = network_of(proxies.client_of(in));
  return out;
}

otp::issue_request code_for(const otp::caller& by, const otp::profile& policy, std::string_view purpose,
                            std::string_view to, otp::channel channel) {
  otp::issue_request out;
  out.to = to;
  out.channel = channel;
  out.profile = policy.name;
  out.purpose = purpose;
  out.caller = by;
  return out;
}

}  // namespace otpd::api::dialects
