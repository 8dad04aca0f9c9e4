#include "api/problem.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>

#include "api/message_parameters.hpp"
#include "json/writer.hpp"

namespace otpd::api {

namespace {

struct kind {
  std::string_view code;
  unsigned status;
  std::string_view title;
};

constexpr std::array kinds{
    kind{"malformed_request", 400, "The request is not well-formed HTTP"},
    kind{"invalid_json", 400, "The body is not a JSON object within the bounds"},
    kind{"invalid_form", 400, "The form or the query is malformed or too large"},
    kind{"duplicate_member", 400, "A member appears twice"},
    kind{"invalid_grant", 400, "The refresh token is not valid, or not any more"},
    kind{"malformed_receipt", 400, "This is no receipt as the provider sends them"},
    kind{"unauthorized", 401, "A valid API key is needed"},
    kind{"loopback_only", 403, "Without an API key only loopback is served"},
    kind{"host_not_allowed", 403, "The request names a host that is not this server's"},
    kind{"cross_site", 403, "The request does not come from this server's own page"},
    kind{"country_not_allowed", 403, "The profile does not send to this country"},
    kind{"account_disabled", 403, "The account is disabled"},
    kind{"recipient_locked", 403, "Too many wrong answers in a row for this recipient"},
    kind{"receipt_refused", 403, "The receipt is not signed as the provider's are"},
    kind{"not_found", 404, "There is no such resource"},
    kind{"account_not_found", 404, "There is no such account"},
    kind{"verification_not_found", 404, "There is no such verification"},
    kind{"method_not_allowed", 405, "The method is not allowed here"},
    kind{"request_timeout", 408, "The request did not arrive in time"},
    kind{"address_taken", 409, "Another account has this address"},
    kind{"verification_approved", 409, "The verification was approved already"},
    kind{"verification_canceled", 409, "The verification was canceled"},
    kind{"max_attempts_reached", 409, "The verification's attempts are used up"},
    kind{"verification_expired", 410, "The verification has expired"},
    kind{"body_too_large", 413, "The body is too large"},
    kind{"unsupported_media_type", 415, "The body is of another media type than is asked for"},
    kind{"unknown_member", 422, "A member is not known"},
    kind{"missing_member", 422, "A member is missing"},
    kind{"invalid_member", 422, "A member is not valid"},
    kind{"invalid_recipient", 422, "The recipient is not a phone number or e-mail address we can send to"},
    kind{"unknown_profile", 422, "There is no such profile"},
    kind{"channel_not_allowed", 422, "The channel is not available for this recipient"},
    kind{"invalid_code", 422, "The code does not have the form of the profile's codes"},
    kind{"id_required", 422, "The profile's verifications are checked by id"},
    kind{"rate_limited", 429, "A limit is reached"},
    kind{"too_many_failures", 429, "Too many wrong answers for this recipient"},
    kind{"header_too_large", 431, "The header is too large"},
    kind{"internal_error", 500, "Something went wrong"},
    kind{"delivery_failed", 502, "The message could not be delivered"},
    kind{"provider_unavailable", 503, "No provider can be tried at the moment"},
    kind{"overloaded", 503, "The server is overloaded"},
    kind{"store_unavailable", 503, "The store is not available"},
    kind{"storage_low", 503, "Too little storage is left"},
};

constexpr auto codes = [] {
  std::array<std::string_view, kinds.size()> out{};
  for (std::size_t i = 0; i < kinds.size(); ++i)
    out[i] = kinds[i].code;
  return out;
}();

}  // namespace

std::span<const std::string_view> problem_codes() {
  return codes;
}

void answer_problem(const problem& what, net::response& out) {
  const auto found = std::ranges::find(kinds, what.code, &kind::code);
  assert(found != kinds.end());
  const kind& known =
      found != kinds.end() ? *found : *std::ranges::find(kinds, "internal_error", &kind::code);
  out.status = known.status;
  out.content_type = "application/problem+json";
  out.body.clear();
  json::writer json(out.body);
  json.text("type", "urn:otpd:problem:" + std::string(known.code));
  json.text("title", known.title);
  json.number("status", known.status);
  json.text("code", known.code);
  if (!what.member.empty()) json.text("member", what.member);
  if (!what.limit.empty()) json.text("limit", what.limit);
  if (!what.id.empty()) json.text("id", what.id);
  json.end();
  if (known.status == 429 || known.status == 503) {
    out.add_field("Retry-After", std::to_string(std::max<std::int64_t>(what.retry_after_s, 1)));
  }
  if (known.status == 401) out.add_field("WWW-Authenticate", "Bearer realm=\"otpd\"");
}

void answer_refused_request(unsigned status, std::string_view code, net::response& out) {
  const auto fits = [&](const kind& each) { return each.status == status && each.code == code; };
  auto found = std::ranges::find_if(kinds, fits);
  if (found == kinds.end()) found = std::ranges::find(kinds, status, &kind::status);
  answer_problem({found != kinds.end() ? found->code : "internal_error"}, out);
  out.close = true;
}

std::string_view problem_code(otp::errc code) {
  using otp::errc;
  switch (code) {
    case errc::invalid_recipient:
      return "invalid_recipient";
    case errc::unknown_profile:
      return "unknown_profile";
    case errc::channel_not_allowed:
      return "channel_not_allowed";
    case errc::country_not_allowed:
      return "country_not_allowed";
    case errc::invalid_code:
      return "invalid_code";
    case errc::id_required:
      return "id_required";
    case errc::not_found:
      return "verification_not_found";
    case errc::expired:
      return "verification_expired";
    case errc::approved:
      return "verification_approved";
    case errc::canceled:
      return "verification_canceled";
    case errc::max_attempts_reached:
      return "max_attempts_reached";
    case errc::rate_limited:
      return "rate_limited";
    case errc::too_many_failures:
      return "too_many_failures";
    case errc::recipient_locked:
      return "recipient_locked";
    case errc::delivery_failed:
      return "delivery_failed";
    case errc::provider_unavailable:
      return "provider_unavailable";
    case errc::invalid_parameters:
      return "invalid_member";
    case errc::overloaded:
      return "overloaded";
    case errc::store_unavailable:
      return "store_unavailable";
    case errc::storage_low:
      return "storage_low";
  }
  return "internal_error";
}

void answer_refusal(const otp::refusal& why, net::response& out) {
  if (why.code == otp::errc::invalid_parameters) {
    static_cast<void>(refuse_parameter({why.fault, why.parameter}, out));
    return;
  }
  problem what{problem_code(why.code)};
  what.limit = why.limit;
  what.id = why.id;
  what.retry_after_s = (why.retry_after.count() + 999) / 1000;
  answer_problem(what, out);
}

}  // namespace otpd::api
