// How the native API writes what a use case yields.

#include "api/native.hpp"
#include "json/writer.hpp"

namespace otpd::api {

namespace {

void write_members(json::writer& json, const otp::verification_view& of,
                   const std::function<std::int64_t(otp::instant)>& unix_ms) {
  json.text("id", of.id);
  json.text("status", to_string(of.status));
  json.text("to", of.masked_to);
  json.text("channel", to_string(of.channel));
  json.text("profile", of.profile);
  json.text("purpose", of.purpose);
  json.time("created_at", unix_ms(of.created));
  json.time("expires_at", unix_ms(of.expires));
  json.number("attempts_left", of.attempts_left);
  json.number("sends", of.sends);
  json.time("next_send_at", of.next_send ? std::optional(unix_ms(*of.next_send)) : std::nullopt);
  json.text("delivery", to_string(of.delivery));
}

}  // namespace

void native::answer(unsigned status, const otp::outcome<otp::verification_view>& result, net::response& out) {
  if (result.has_error()) return answer_refusal(result.error(), out);
  out.status = status;
  out.content_type = "application/json";
  if (status == 201) out.add_field("Location", "/v1/verifications/" + result->id);
  json::writer json(out.body);
  write_members(json, *result, parts_.unix_ms);
  json.end();
}

void native::answer_judged(const otp::check_view& what, const yielded& extra, net::response& out) const {
  out.status = 200;
  out.content_type = "application/json";
  json::writer json(out.body);
  json.boolean("valid", what.valid);
  write_members(json, what.verification, parts_.unix_ms);
  if (!extra.account.empty()) json.text("account", extra.account);
  if (extra.tokens) write_tokens(json, *extra.tokens);
  json.end();
}

task<void> native::answer_check(otp::outcome<otp::check_view> result, net::response& out) {
  if (result.has_error()) co_return answer_refusal(result.error(), out);
  const auto extra = co_await yields_.of(*result);
  if (extra.has_error()) co_return answer_refusal(extra.error(), out);
  answer_judged(*result, *extra, out);
}

}  // namespace otpd::api
