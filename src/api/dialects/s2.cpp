#include "api/dialects/s2.hpp"

#include <algorithm>
#include <array>

#include "api/dialects/answers.hpp"
#include "api/dialects/session_cookie.hpp"
#include "otp/code.hpp"
#include "otp/written_text.hpp"

namespace otpd::api::dialects {

namespace {

constexpr std::array all{
    route{net::method::post, "/api/register/"},
    route{net::method::post, "/api/verify-otp/"},
    route{net::method::post, "/api/login/"},
};

constexpr std::string_view registering = "register";
constexpr std::string_view logging_in = "login";

constexpr std::string_view sent = "OTP sent to phone number";
constexpr std::string_view verified = "OTP verified successfully, proceed to login";
constexpr std::string_view logged_in = "Login successful";
constexpr std::string_view no_number = "Phone number is required";
constexpr std::string_view bad_number = "Enter a valid phone number";
constexpr std::string_view no_code = "OTP code is required";
constexpr std::string_view short_password = "Password is too short";
constexpr std::string_view long_password = "Password is too long";
constexpr std::string_view not_right = "Invalid or expired OTP";
constexpr std::string_view no_login = "Invalid credentials";
constexpr std::string_view blocked = "Too many failed attempts. Try again later.";
constexpr std::string_view too_many = "Too many OTP requests. Please try again later.";
constexpr std::string_view not_sent = "Failed to send OTP. Please try again.";
constexpr std::string_view try_later = "Please try again later.";

void answer_not_sent(const otp::refusal& why, net::response& out) {
  switch (trouble_of(why.code)) {
    case trouble::bad_address:
      return answer_message(400, bad_number, out);
    case trouble::too_many:
      answer_message(429, too_many, out);
      return add_retry_after(why.retry_after, out);
    default:
      answer_message(503, not_sent, out);
      return add_retry_after(why.retry_after, out);
  }
}

// `failure`: what a client is told who is not blocked and whom nothing of ours stands in the way.
void answer_refused(const auth::refusal& why, std::string_view failure, net::response& out) {
  using auth::errc;
  if (why.code == errc::overloaded || why.code == errc::store_unavailable) {
    answer_message(503, try_later, out);
    return add_retry_after(why.retry_after, out);
  }
  if (why.code != errc::blocked) return answer_message(400, failure, out);
  answer_message(403, blocked, out);
  add_retry_after(why.retry_after, out);
}

// Whether nothing was judged, so that it is no failure of the client's.
bool is_unjudged(const auth::refusal& why) {
  using auth::errc;
  return why.code == errc::blocked || why.code == errc::overloaded || why.code == errc::store_unavailable;
}

// What a code that was not found right is to a sign-in.
auth::refusal refusal_of(const otp::refusal& why) {
  switch (trouble_of(why.code)) {
    case trouble::ours:
      return {auth::errc::store_unavailable, why.retry_after};
    case trouble::too_many:
      return {auth::errc::blocked, why.retry_after};
    default:
      return {auth::errc::wrong_password};
  }
}

// As NIST 800-63B-4, 3.1.1.2 counts them: one for each code point.
std::size_t characters(std::string_view utf8) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  return static_cast<std::size_t>(std::ranges::count_if(utf8, begins));
}

}  // namespace

std::span<const route> s2::routes() const noexcept {
  return all;
}

task<void> s2::serve(std::size_t number, const net::request& in, net::response& out) {
  if (number == 0) co_return co_await register_number(in, out);
  if (number == 1) co_return co_await verify(in, out);
  co_await login(in, out);
}

bool s2::read(const net::request& in, words& into, net::response& out) const {
  request_data data;
  if (!read_data(in, data, out)) return false;
  const std::string_view phone = otp::strip(data.text("phone_number").value_or(""));
  if (phone.empty()) return answer_message(400, no_number, out), false;
  auto who = otp::parse_recipient(phone, policy_.default_region, policy_.numbers);
  if (!who || who->channel != otp::channel::sms) return answer_message(400, bad_number, out), false;
  into.who = *std::move(who);
  into.password = data.text("password").value_or("");
  into.code = written_code(data, data.text("code") ? "code" : "otp", policy_.code_length);
  into.has_code = data.has("code") || data.has("otp");
  into.is_bare = !into.has_code && !data.has("password");
  return true;
}

auth::sign_in_bounds s2::bounds_of(const net::request& in) const {
  return {policy_.realm, caller_of(in, parts_.proxies).client, of_client_};
}

task<auth::outcome<auth::web_session>> s2::session_of(const net::request& in) {
  auto found = co_await parts_.sessions.find(session_in(in));
  if (found.has_error()) co_return found.error();
  if (!found->has_value()) co_return auth::web_session{};
  co_return **std::move(found);
}

task<bool> s2::send_code(const net::request& in, auth::web_session& state, net::response& out) {
  auto request = code_for(caller_of(in, parts_.proxies), policy_, state.purpose, state.address);
  const auto issued = co_await parts_.desk.issue(std::move(request));
  if (issued.has_error()) {
    answer_not_sent(issued.error(), out);
    co_return false;
  }
  state.verification = issued->id;
  co_return true;
}

task<void> s2::begin_session(const net::request& in, auth::web_session state, net::response& out) {
  const auto token =
      co_await parts_.sessions.begin(std::move(state), options_.session_lifetime, session_in(in));
  if (token.has_error()) co_return answer_refused(token.error(), not_sent, out);
  set_session(*token, options_.session_lifetime, parts_.proxies.is_encrypted(in), out);
  answer_message(200, sent, out);
}

task<void> s2::register_number(const net::request& in, net::response& out) {
  words said;
  if (!read(in, said, out)) co_return;
  auth::web_session state;
  state.purpose = registering;
  state.address = said.who.address;
  if (said.password.empty()) {
    if (co_await send_code(in, state, out)) co_await begin_session(in, std::move(state), out);
    co_return;
  }
  if (characters(said.password) < min_password_) co_return answer_message(400, short_password, out);
  if (said.password.size() > auth::password_hasher::max_length)
    co_return answer_message(400, long_password, out);
  // Limits are cheap and a hash is not; but no message goes out for a password that nobody has time for.
  const auto room = parts_.passwords.has_room();
  if (room.has_error()) co_return answer_refused(room.error(), not_sent, out);
  const bool is_sent = co_await send_code(in, state, out);
  if (!is_sent) co_return;
  auto hash = co_await parts_.passwords.hash(std::move(said.password));
  if (hash.has_error()) co_return answer_refused(hash.error(), not_sent, out);
  state.password_hash = *std::move(hash);
  co_await begin_session(in, std::move(state), out);
}

task<auth::outcome<otp::recipient>> s2::judge(const net::request& in, const words& said,
                                              const auth::web_session& state, std::string_view purpose) {
  if (state.verification.empty() || state.purpose != purpose || state.address != said.who.address)
    co_return auth::refusal{auth::errc::wrong_password};
  auto judged = co_await parts_.desk.check(state.verification, said.code, caller_of(in, parts_.proxies));
  if (judged.has_error()) co_return refusal_of(judged.error());
  if (!judged->valid || !judged->proven) co_return auth::refusal{auth::errc::wrong_password};
  co_return *std::move(judged->proven);
}

task<auth::outcome<auth::account>> s2::confirm(const net::request& in, const words& said) {
  const auto state = co_await session_of(in);
  if (state.has_error()) co_return state.error();
  const auto who = co_await judge(in, said, *state, registering);
  if (who.has_error()) co_return who.error();
  const auth::proof proven{policy_.realm, *who, true, state->password_hash};
  auto account = co_await parts_.accounts.prove(proven);
  if (account.has_value() && !state->password_hash.empty())
    static_cast<void>(co_await sign_in_.rebind(policy_.realm, *who));
  co_return account;
}

task<auth::outcome<auth::account>> s2::log_in(const net::request& in, const words& said,
                                              std::optional<auth::password_hasher::place> place) {
  const auto state = co_await session_of(in);
  if (state.has_error()) co_return state.error();
  // Clients of the seed send a code as the password, too.
  words by_code = said;
  const bool is_password = said.code.empty();
  if (is_password) by_code.code = written_code(said.password);
  if (!is_password || otp::is_code(by_code.code, policy_.alphabet, policy_.code_length)) {
    const auto who = co_await judge(in, by_code, *state, logging_in);
    if (who.has_value()) {
      const auth::proof proven{policy_.realm, *who, true, {}};
      co_return co_await parts_.accounts.prove(proven);
    }
    if (!is_password || is_unjudged(who.error())) co_return who.error();
  }
  co_return co_await sign_in_.by_password(*std::move(place), policy_.realm, said.who, said.password);
}

task<void> s2::finish(const net::request& in, const auth::outcome<auth::account>& came,
                      auth::web_session next, const texts& say, net::response& out) {
  const auth::sign_in_bounds bounds = bounds_of(in);
  if (came.has_error()) {
    if (is_unjudged(came.error())) {
      static_cast<void>(co_await sign_in_.give_back(bounds));
      co_return answer_refused(came.error(), say.failure, out);
    }
    const auto counted = co_await sign_in_.fail(bounds);
    co_return answer_refused(counted.has_error() ? counted.error() : came.error(), say.failure, out);
  }
  static_cast<void>(co_await sign_in_.succeed(bounds));
  const auto token =
      co_await parts_.sessions.begin(std::move(next), options_.session_lifetime, session_in(in));
  if (token.has_error()) co_return answer_refused(token.error(), say.failure, out);
  set_session(*token, options_.session_lifetime, parts_.proxies.is_encrypted(in), out);
  answer_message(200, say.success, out);
}

task<void> s2::verify(const net::request& in, net::response& out) {
  words said;
  if (!read(in, said, out)) co_return;
  if (said.code.empty()) co_return answer_message(400, no_code, out);
  const auth::sign_in_bounds bounds = bounds_of(in);
  const auto charged = co_await sign_in_.charge(bounds);
  if (charged.has_error()) co_return answer_refused(charged.error(), not_right, out);
  const auto account = co_await confirm(in, said);
  auth::web_session next;
  next.address = said.who.address;
  constexpr texts say{verified, not_right};
  co_await finish(in, account, std::move(next), say, out);
}

task<void> s2::login(const net::request& in, net::response& out) {
  words said;
  if (!read(in, said, out)) co_return;
  auth::web_session next;
  next.address = said.who.address;
  if (said.is_bare) {
    next.purpose = logging_in;
    if (co_await send_code(in, next, out)) co_await begin_session(in, std::move(next), out);
    co_return;
  }
  // Left empty, in a form perhaps, or no text: no reason to send anything, or to count a failure.
  if (said.password.empty() && said.code.empty())
    co_return answer_message(400, said.has_code ? no_code : no_login, out);
  // Before anything is charged: whom nobody has time for has not failed.
  std::optional<auth::password_hasher::place> place;
  if (said.code.empty()) {
    auto kept = parts_.passwords.reserve();
    if (kept.has_error()) co_return answer_refused(kept.error(), no_login, out);
    place = *std::move(kept);
  }
  const auth::sign_in_bounds bounds = bounds_of(in);
  const auto charged = co_await sign_in_.charge(bounds);
  if (charged.has_error()) co_return answer_refused(charged.error(), no_login, out);
  const auto account = co_await log_in(in, said, std::move(place));
  if (account.has_value()) next.account = account->id;
  constexpr texts say{logged_in, no_login};
  co_await finish(in, account, std::move(next), say, out);
}

}  // namespace otpd::api::dialects
