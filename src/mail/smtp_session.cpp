#include "mail/smtp_session.hpp"

#include <string.h>

#include <algorithm>
#include <cassert>

#include "mail/mime_text.hpp"
#include "mail/smtp_error.hpp"
#include "net/ascii.hpp"
#include "net/wiped.hpp"

namespace otpd::mail {

using boost::system::error_code;
using net::equal_without_case;
using otp::failure;
using std::string_view;

namespace {

constexpr unsigned closing = 421;  // may be the reply to anything: the server hangs up (RFC 5321, 3.8)

string_view take_until(string_view& rest, char end) noexcept {
  const string_view part = rest.substr(0, rest.find(end));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

std::string base64_of(string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  append_base64(out, bytes);
  return out;
}

// RFC 4616: authorisation identity, user, password.
std::string plain_response(const smtp_options& options) {
  std::string bytes;
  const net::wiped secret{bytes};
  bytes.reserve(options.user.size() + options.password.size() + 2);
  bytes.append(1, '\0').append(options.user).append(1, '\0').append(options.password);
  return base64_of(bytes);
}

}  // namespace

smtp_session::~smtp_session() {
  wipe();
}

void smtp_session::wipe() noexcept {
  explicit_bzero(output_.data(), output_.size());
  output_.clear();
}

// ---- saying
// ---------------------------------------------------------------------------------------------------------

smtp_step smtp_session::say(phase next, string_view verb, string_view argument) {
  wipe();
  output_.reserve(verb.size() + argument.size() + 3);
  output_.append(verb).append(argument).append("\r\n");
  phase_ = next;
  return smtp_step::send;
}

// RFC 5321, 4.5.2. The final dot goes out by itself: without it no server has the message, so whatever breaks
// before leaves no doubt.
smtp_step smtp_session::say_content() {
  wipe();
  const auto ends = std::ranges::count(content_, '\n');
  output_.reserve(content_.size() + static_cast<std::size_t>(ends) + 1);  // never moved: it holds a code
  for (string_view rest = content_; !rest.empty();) {
    const string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
    if (line.starts_with('.')) output_ += '.';
    output_ += line;
    rest.remove_prefix(line.size());
  }
  phase_ = phase::content;
  return smtp_step::send;
}

smtp_step smtp_session::greet() {
  return say(phase::hello, "EHLO ", options_.helo);
}

smtp_step smtp_session::log_in() {
  if (offers_plain_) {
    std::string response = plain_response(options_);
    const net::wiped secret{response};
    return say(phase::login, "AUTH PLAIN ", response);
  }
  if (offers_login_) return say(phase::login_as, "AUTH LOGIN");
  on_broken(smtp_errc::no_auth_method);
  result_.failure = failure::misconfigured;
  return smtp_step::over;
}

// ---- opening
// --------------------------------------------------------------------------------------------------------

smtp_step smtp_session::open() {
  phase_ = phase::greeting;
  return options_.security == smtp_security::tls ? smtp_step::encrypt : smtp_step::receive;
}

smtp_step smtp_session::on_encrypted() {
  encrypted_ = true;
  // RFC 3207, 4.2: what the server said before is forgotten.
  offers_starttls_ = offers_plain_ = offers_login_ = false;
  return phase_ == phase::greeting ? smtp_step::receive : greet();
}

smtp_step smtp_session::on_opening(const smtp_reply& reply) {
  if (phase_ == phase::starttls) {
    if (reply.code == 220) return smtp_step::encrypt;
    refuse(smtp_stage::opening, reply);
    return on_broken(smtp_errc::starttls_missing);
  }
  if (reply.kind() != 2) return refuse(smtp_stage::opening, reply);
  return phase_ == phase::greeting ? greet() : on_hello(reply);
}

smtp_step smtp_session::on_hello(const smtp_reply& reply) {
  read_offers(reply.text);
  if (options_.security == smtp_security::starttls && !encrypted_) {
    if (!offers_starttls_) return on_broken(smtp_errc::starttls_missing);
    return say(phase::starttls, "STARTTLS");
  }
  return options_.user.empty() ? become_ready() : log_in();
}

// RFC 5321, 4.1.1.1: a domain, then one keyword with parameters per line. Old servers write "AUTH=".
void smtp_session::read_offers(string_view hello) {
  take_until(hello, '\n');
  while (!hello.empty()) {
    string_view line = take_until(hello, '\n');
    const string_view keyword = line.substr(0, line.find_first_of(" ="));
    line.remove_prefix(std::min(keyword.size() + 1, line.size()));
    if (equal_without_case(keyword, "STARTTLS")) offers_starttls_ = true;
    if (!equal_without_case(keyword, "AUTH")) continue;
    while (!line.empty()) {
      const string_view method = take_until(line, ' ');
      if (equal_without_case(method, "PLAIN")) offers_plain_ = true;
      if (equal_without_case(method, "LOGIN")) offers_login_ = true;
    }
  }
}

smtp_step smtp_session::on_login(const smtp_reply& reply) {
  const bool is_question = reply.code == 334;
  if (phase_ == phase::login_as && is_question) {
    return say(phase::user, base64_of(options_.user));
  }
  if (phase_ == phase::user && is_question) {
    std::string response = base64_of(options_.password);
    const net::wiped secret{response};
    return say(phase::password, response);
  }
  const bool is_last = phase_ == phase::login || phase_ == phase::password;
  if (is_last && reply.kind() == 2) return become_ready();
  return refuse(smtp_stage::login, reply);
}

smtp_step smtp_session::become_ready() {
  wipe();
  phase_ = phase::ready;
  return smtp_step::ready;
}

// ---- a message
// ------------------------------------------------------------------------------------------------------

smtp_step smtp_session::begin(string_view from, string_view to, string_view content) {
  assert(phase_ == phase::ready);
  from_ = from;
  to_ = to;
  content_ = content;
  result_ = {};
  if (needs_reset_) return say(phase::reset, "RSET");
  return say(phase::sender, "MAIL FROM:<" + std::string{from_}, ">");
}

smtp_step smtp_session::on_sent() {
  if (phase_ != phase::content) return smtp_step::receive;
  return say(phase::final_dot, ".");
}

smtp_step smtp_session::on_message(const smtp_reply& reply) {
  const bool is_fine = reply.kind() == 2;
  switch (phase_) {
    case phase::reset:
      if (!is_fine) break;
      needs_reset_ = false;
      return say(phase::sender, "MAIL FROM:<" + std::string{from_}, ">");
    case phase::sender:
      needs_reset_ = true;
      if (!is_fine) return refuse(smtp_stage::sender, reply);
      return say(phase::recipient, "RCPT TO:<" + std::string{to_}, ">");
    case phase::recipient:
      if (!is_fine) return refuse(smtp_stage::recipient, reply);
      return say(phase::data, "DATA");
    case phase::data:
      if (reply.code != 354) return refuse(smtp_stage::content, reply);
      return say_content();
    case phase::final_dot:
      if (!is_fine) return refuse(smtp_stage::content, reply);
      needs_reset_ = false;
      result_.failure = failure::none;
      result_.status = reply.code;
      result_.message_id = queue_name(reply.text);
      return become_ready();
    default:
      break;
  }
  return on_broken(smtp_errc::bad_reply);
}

smtp_step smtp_session::on_reply(const smtp_reply& reply) {
  switch (phase_) {
    case phase::greeting:
    case phase::hello:
    case phase::starttls:
      return on_opening(reply);
    case phase::login:
    case phase::login_as:
    case phase::user:
    case phase::password:
      return on_login(reply);
    default:
      return on_message(reply);
  }
}

// ---- ends
// -----------------------------------------------------------------------------------------------------------

smtp_step smtp_session::refuse(smtp_stage stage, const smtp_reply& reply) {
  const bool is_refusal = reply.kind() == 4 || reply.kind() == 5;
  if (!is_refusal) return on_broken(smtp_errc::bad_reply);
  const bool goes_on =
      (stage == smtp_stage::sender || stage == smtp_stage::recipient || stage == smtp_stage::content) &&
      reply.code != closing;
  stale_ = phase_ == phase::sender && reply.code == closing;
  result_ = {};
  result_.failure = failure_of(stage, reply);
  result_.status = reply.code;
  if (goes_on) return become_ready();
  wipe();
  phase_ = phase::over;
  return smtp_step::over;
}

smtp_step smtp_session::on_broken(error_code why) {
  stale_ = phase_ == phase::reset || phase_ == phase::sender;
  const bool is_decided = phase_ == phase::over || phase_ == phase::ready;
  if (!is_decided) {
    result_ = {};
    result_.failure = phase_ == phase::final_dot ? failure::unknown : failure::unavailable;
  }
  result_.error = why;
  wipe();
  phase_ = phase::over;
  return smtp_step::over;
}

}  // namespace otpd::mail
