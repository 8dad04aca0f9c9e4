// How the native API writes what a use case yields.

#include "api/json_text.hpp"
#include "api/native.hpp"

namespace otpd::api {

namespace {

void write_members(json_text& json, const otp::verification_view& of,
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

void native::answer(operation what, time began, unsigned status,
                    const otp::outcome<otp::verification_view>& result, net::response& out) {
  if (result.has_error()) {
    report(what, began, problem_code(result.error().code), nullptr);
    answer_refusal(result.error(), out);
    return;
  }
  report(what, began, "ok", &*result);
  out.status = status;
  out.content_type = "application/json";
  if (status == 201) out.add_field("Location", "/v1/verifications/" + result->id);
  json_text json(out.body);
  write_members(json, *result, parts_.unix_ms);
  json.end();
}

void native::answer_check(time began, const otp::outcome<otp::check_view>& result, net::response& out) {
  if (result.has_error()) {
    report(operation::check, began, problem_code(result.error().code), nullptr);
    answer_refusal(result.error(), out);
    return;
  }
  report(operation::check, began, result->valid ? "ok" : "wrong", &result->verification);
  out.status = 200;
  out.content_type = "application/json";
  json_text json(out.body);
  json.boolean("valid", result->valid);
  write_members(json, result->verification, parts_.unix_ms);
  json.end();
}

void native::report(operation what, time began, std::string_view result,
                    const otp::verification_view* about) const {
  answered said;
  said.operation = what;
  said.result = result;
  if (about != nullptr) {
    said.to = about->masked_to;
    said.id = about->id;
    said.is_test = about->is_test;
  }
  said.took = std::chrono::steady_clock::now() - began;
  watch_.on_answer(said);
}

}  // namespace otpd::api
