#include "api/accounts_admin.hpp"

#include <algorithm>

#include "api/own_site.hpp"
#include "api/problem.hpp"
#include "api/request_body.hpp"
#include "api/yields.hpp"
#include "json/writer.hpp"
#include "otp/email.hpp"
#include "otp/phone.hpp"

namespace otpd::api {

namespace {

constexpr std::string_view put_path = "/accounts";
constexpr std::string_view find_path = "/accounts/find";
constexpr std::string_view remove_path = "/accounts/remove";
constexpr std::string_view unlock_path = "/accounts/unlock";

bool is_region(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// A boolean member; `into` is left alone where it is absent.
bool read_flag(const json::object& body, std::string_view name, std::optional<bool>& into,
               net::response& out) {
  const auto* member = body.find(name);
  if (member == nullptr) return true;
  if (member->kind != json::kind::boolean) return refuse_member("invalid_member", name, out);
  into = member->text == "true";
  return true;
}

}  // namespace

bool accounts_admin::owns(std::string_view path) noexcept {
  return path == put_path || path == find_path || path == remove_path || path == unlock_path;
}

task<void> accounts_admin::serve(const net::request& in, net::response& out) {
  if (in.method != net::method::post) {
    answer_problem({"method_not_allowed"}, out);
    out.add_field("Allow", "POST");
    co_return;
  }
  // A page of another site, open in the operator's browser, shall read and change nothing here.
  if (!is_own_host(in, parts_.hosts)) co_return answer_problem({"host_not_allowed"}, out);
  if (!is_own_page(in, true)) co_return answer_problem({"cross_site"}, out);
  if (in.path == find_path) co_return co_await find(in, out);
  if (in.path == remove_path) co_return co_await remove(in, out);
  if (in.path == unlock_path) co_return co_await unlock(in, out);
  co_await put(in, out);
}

bool accounts_admin::read_realm(std::string& into, net::response& out) const {
  if (!read_required(body_, "realm", into, out)) return false;
  const bool is_known =
      std::ranges::find(parts_.profiles, into, &otp::profile::realm) != parts_.profiles.end();
  return is_known || refuse_member("invalid_member", "realm", out);
}

// Numbers that are only possible are taken as well: profiles may take them, and an account that no code can
// reach does no harm.
bool accounts_admin::read_address(std::string_view member, otp::channel kind,
                                  std::optional<otp::recipient>& into, net::response& out) const {
  std::string text, region;
  if (!read_text(body_, member, text, out) || !read_text(body_, "region", region, out)) return false;
  if (body_.find(member) == nullptr) return true;
  if (!region.empty() && !is_region(region)) return refuse_member("invalid_member", "region", out);
  auto read = kind == otp::channel::sms ? otp::parse_phone(text, region, otp::numbers::possible)
                                        : otp::parse_email(text);
  if (read.has_error()) {
    problem what{"invalid_recipient"};
    what.member = member;
    answer_problem(what, out);
    return false;
  }
  into = *std::move(read);
  return true;
}

std::optional<auth::account_entry> accounts_admin::read_entry(const net::request& in, net::response& out) {
  constexpr std::array<std::string_view, 7> allowed{"realm",          "phone",    "email", "phone_verified",
                                                    "email_verified", "disabled", "region"};
  auth::account_entry out_entry;
  if (!read_body(in, allowed, body_, out) || !read_realm(out_entry.realm, out) ||
      !read_address("phone", otp::channel::sms, out_entry.phone, out) ||
      !read_address("email", otp::channel::email, out_entry.email, out) ||
      !read_flag(body_, "phone_verified", out_entry.phone_verified, out) ||
      !read_flag(body_, "email_verified", out_entry.email_verified, out) ||
      !read_flag(body_, "disabled", out_entry.disabled, out)) {
    return std::nullopt;
  }
  if (out_entry.phone || out_entry.email) return out_entry;
  static_cast<void>(refuse_member("missing_member", "phone", out));
  return std::nullopt;
}

std::optional<accounts_admin::subject> accounts_admin::read_subject(const net::request& in,
                                                                    net::response& out) {
  constexpr std::array<std::string_view, 3> allowed{"realm", "address", "region"};
  subject whom;
  std::string address;
  if (!read_body(in, allowed, body_, out) || !read_realm(whom.realm, out) ||
      !read_required(body_, "address", address, out)) {
    return std::nullopt;
  }
  const auto kind = address.find('@') == address.npos ? otp::channel::sms : otp::channel::email;
  std::optional<otp::recipient> who;
  if (!read_address("address", kind, who, out)) return std::nullopt;
  whom.who = *std::move(who);
  return whom;
}

void accounts_admin::answer_account(const auth::account& one, net::response& out) const {
  out.content_type = "application/json";
  json::writer json(out.body);
  json.text("id", one.id);
  json.text("realm", one.realm);
  json.text_or_null("phone", one.phone);
  json.boolean("phone_verified", one.phone_verified);
  json.text_or_null("email", one.email);
  json.boolean("email_verified", one.email_verified);
  json.boolean("disabled", one.disabled);
  json.boolean("has_password", !one.password_hash.empty());
  json.time("created_at", parts_.unix_ms(one.created));
  json.end();
}

task<void> accounts_admin::put(const net::request& in, net::response& out) {
  auto entry = read_entry(in, out);
  if (!entry) co_return;
  const auto made = co_await parts_.accounts.put(*std::move(entry));
  if (made.has_error()) co_return answer_refusal(made.error(), out);
  answer_account(*made, out);
}

task<void> accounts_admin::find(const net::request& in, net::response& out) {
  const auto whom = read_subject(in, out);
  if (!whom) co_return;
  const auto found = co_await parts_.accounts.find(whom->realm, whom->who);
  if (found.has_error()) co_return answer_refusal(found.error(), out);
  if (!found->has_value()) co_return answer_problem({"account_not_found"}, out);
  answer_account(**found, out);
}

task<void> accounts_admin::remove(const net::request& in, net::response& out) {
  const auto whom = read_subject(in, out);
  if (!whom) co_return;
  const auto done = co_await parts_.accounts.remove(whom->realm, whom->who);
  if (done.has_error()) co_return answer_refusal(done.error(), out);
  if (!*done) co_return answer_problem({"account_not_found"}, out);
  out.status = 204;
}

task<void> accounts_admin::unlock(const net::request& in, net::response& out) {
  const auto whom = read_subject(in, out);
  if (!whom) co_return;
  // Passwords are tried, and counted, at addresses that nobody is registered under as well.
  const otp::record_key tries = parts_.attempts.of_address(auth::password_scope(whom->realm), whom->who);
  const auto done = co_await parts_.attempts.unlock(tries);
  if (done.has_error()) co_return answer_refusal(done.error(), out);
  out.status = 204;
}

}  // namespace otpd::api
