#include "api/account_calls.hpp"

#include <algorithm>
#include <array>

#include "api/problem.hpp"
#include "api/request_body.hpp"
#include "api/yields.hpp"
#include "json/writer.hpp"

namespace otpd::api {

namespace {

constexpr std::array<std::string_view, 4> paths{"/accounts", "/accounts/find", "/accounts/remove",
                                                "/accounts/unlock"};
// An absent member leaves `into` as it is.
bool read_flag(const json::object& body, std::string_view name, std::optional<bool>& into,
               net::response& out) {
  const auto* member = body.find(name);
  if (member == nullptr) return true;
  if (member->kind != json::kind::boolean) return refuse_member("invalid_member", name, out);
  into = member->text == "true";
  return true;
}

bool refuse_address(std::string_view name, net::response& out) {
  problem what{"invalid_recipient"};
  what.member = name;
  answer_problem(what, out);
  return false;
}

// Numbers that no plan has assigned are taken: profiles may take them too.
bool read_address(const json::object& body, std::string_view name, std::string_view region,
                  std::optional<otp::channel> wanted, std::optional<otp::recipient>& into,
                  net::response& out) {
  std::string text;
  if (!read_text(body, name, text, out)) return false;
  if (body.find(name) == nullptr) return true;
  auto parsed = otp::parse_recipient(text, region, otp::numbers::possible);
  if (!parsed || (wanted && parsed->channel != *wanted)) return refuse_address(name, out);
  into = *std::move(parsed);
  return true;
}

bool read_region(const json::object& body, std::string& into, net::response& out) {
  if (!read_text(body, "region", into, out)) return false;
  const bool is_country =
      into.size() == 2 && std::ranges::all_of(into, [](char c) { return c >= 'A' && c <= 'Z'; });
  return into.empty() || is_country || refuse_member("invalid_member", "region", out);
}

}  // namespace

bool account_calls::serves(std::string_view path) noexcept {
  return std::ranges::find(paths, path) != paths.end();
}

bool account_calls::read_realm(std::string& into, net::response& out) const {
  if (!read_required(body_, "realm", into, out)) return false;
  const auto found = std::ranges::find(profiles_, into, &otp::profile::realm);
  return found != profiles_.end() || refuse_member("invalid_member", "realm", out);
}

task<void> account_calls::handle(const net::request& in, net::response& out) {
  if (in.path == "/accounts/find") co_return co_await find(in, out);
  if (in.path == "/accounts/remove") co_return co_await remove(in, out);
  if (in.path == "/accounts/unlock") co_return co_await unlock(in, out);
  co_await put(in, out);
}

bool account_calls::read_entry(const net::request& in, auth::account_entry& into, net::response& out) {
  constexpr std::array<std::string_view, 7> allowed{"realm",          "region",         "phone",   "email",
                                                    "phone_verified", "email_verified", "disabled"};
  std::string region;
  if (!read_body(in, allowed, body_, out) || !read_realm(into.realm, out) ||
      !read_region(body_, region, out) ||
      !read_address(body_, "phone", region, otp::channel::sms, into.phone, out) ||
      !read_address(body_, "email", {}, otp::channel::email, into.email, out) ||
      !read_flag(body_, "phone_verified", into.phone_verified, out) ||
      !read_flag(body_, "email_verified", into.email_verified, out) ||
      !read_flag(body_, "disabled", into.disabled, out)) {
    return false;
  }
  if (!into.phone && !into.email) return refuse_member("missing_member", "phone", out);
  return true;
}

bool account_calls::read_subject(const net::request& in, subject& into, net::response& out) {
  constexpr std::array<std::string_view, 3> allowed{"realm", "address", "region"};
  std::string region;
  std::optional<otp::recipient> who;
  if (!read_body(in, allowed, body_, out) || !read_realm(into.realm, out) ||
      !read_region(body_, region, out) || !read_address(body_, "address", region, std::nullopt, who, out)) {
    return false;
  }
  if (!who) return refuse_member("missing_member", "address", out);
  into.who = *std::move(who);
  return true;
}

void account_calls::answer(const auth::account& one, net::response& out) const {
  out.content_type = "application/json";
  json::writer json(out.body);
  json.text("id", one.id);
  json.text("realm", one.realm);
  json.text_or_null("phone", one.phone);
  json.text_or_null("email", one.email);
  json.boolean("phone_verified", one.phone_verified);
  json.boolean("email_verified", one.email_verified);
  json.boolean("disabled", one.disabled);
  json.boolean("has_password", !one.password_hash.empty());
  json.time("created_at", unix_ms_(one.created));
  json.end();
}

task<void> account_calls::put(const net::request& in, net::response& out) {
  auth::account_entry entry;
  if (!read_entry(in, entry, out)) co_return;
  const auto made = co_await accounts_.put(std::move(entry));
  if (made.has_error()) co_return answer_refusal(made.error(), out);
  answer(*made, out);
}

task<void> account_calls::find(const net::request& in, net::response& out) {
  subject whom;
  if (!read_subject(in, whom, out)) co_return;
  const auto found = co_await accounts_.find(whom.realm, whom.who);
  if (found.has_error()) co_return answer_refusal(found.error(), out);
  if (!found->has_value()) co_return answer_problem({"account_not_found"}, out);
  answer(**found, out);
}

task<void> account_calls::remove(const net::request& in, net::response& out) {
  subject whom;
  if (!read_subject(in, whom, out)) co_return;
  const auto done = co_await accounts_.remove(whom.realm, whom.who);
  if (done.has_error()) co_return answer_refusal(done.error(), out);
  if (!*done) co_return answer_problem({"account_not_found"}, out);
  out.status = 204;
}

task<void> account_calls::unlock(const net::request& in, net::response& out) {
  subject whom;
  if (!read_subject(in, whom, out)) co_return;
  const auto done =
      co_await attempts_.unlock(attempts_.of_address(auth::password_scope(whom.realm), whom.who));
  if (done.has_error()) co_return answer_refusal(done.error(), out);
  out.status = 204;
}

}  // namespace otpd::api
