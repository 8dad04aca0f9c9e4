#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "mail/smtp_options.hpp"
#include "mail/smtp_outcome.hpp"
#include "mail/smtp_reply.hpp"
#include "sms/carrier.hpp"

namespace otpd::mail {

// What the connection does next, and what it then tells the session.
enum class smtp_step : std::uint8_t {
  send,     // write output(), then on_sent()
  receive,  // read one reply, then on_reply()
  encrypt,  // the TLS handshake, with no byte left over from before, then on_encrypted()
  ready,    // nothing: a message can begin(). What became of the last one is in result().
  over,     // close. What became of it all is in result().
};

// The client's side of a conversation with a mail server (RFC 5321, 3207, 4954), without the network: one
// message after another, one recipient each, nothing pipelined.
//
//   greeting  [EHLO  STARTTLS  TLS]  EHLO  [AUTH]  { [RSET]  MAIL  RCPT  DATA  content  "."  }
//
// Credentials are said in the clear only with security = none, which the options allow or not.
class smtp_session {
 public:
  // `options` outlives the session.
  explicit smtp_session(const smtp_options& options) noexcept : options_(options) {}
  smtp_session(const smtp_session&) = delete;
  smtp_session& operator=(const smtp_session&) = delete;
  ~smtp_session();

  // A connection is there. Ends with `ready` or `over`.
  smtp_step open();
  // One message; only when `ready`. The addresses are RFC 5321's, without brackets, and `content` is lines
  // with CRLF, as write_message() makes them; its dots are stuffed here, into a copy that is wiped. Ends with
  // `ready` or `over`.
  smtp_step begin(std::string_view from, std::string_view to, std::string_view content);

  smtp_step on_sent();
  smtp_step on_reply(const smtp_reply& reply);
  smtp_step on_encrypted();
  // The connection cannot go on. The message is `unavailable`, or `unknown` once its final dot was to be
  // sent.
  smtp_step on_broken(boost::system::error_code why);

  [[nodiscard]] std::string_view output() const noexcept { return output_; }
  [[nodiscard]] const sms::handover& result() const noexcept { return result_; }
  // After `over`: the conversation ended before the server took up the message, as it does on a connection
  // that was idle for too long. Another connection may be tried at once.
  [[nodiscard]] bool was_stale() const noexcept { return stale_; }

 private:
  enum class phase : std::uint8_t {
    closed,
    greeting,
    hello,
    starttls,
    login,     // AUTH PLAIN
    login_as,  // AUTH LOGIN
    user,
    password,
    ready,
    reset,
    sender,
    recipient,
    data,
    content,
    final_dot,
    over,
  };

  smtp_step say(phase next, std::string_view verb, std::string_view argument = {});
  smtp_step say_content();
  smtp_step greet();
  smtp_step log_in();
  smtp_step become_ready();
  smtp_step on_hello(const smtp_reply& reply);
  smtp_step on_opening(const smtp_reply& reply);
  smtp_step on_login(const smtp_reply& reply);
  smtp_step on_message(const smtp_reply& reply);
  smtp_step refuse(smtp_stage stage, const smtp_reply& reply);
  void read_offers(std::string_view hello);
  void wipe() noexcept;

  const smtp_options& options_;
  phase phase_ = phase::closed;
  std::string output_;  // it may hold a password or a code
  std::string_view from_;
  std::string_view to_;
  std::string_view content_;
  bool encrypted_ = false;
  bool offers_starttls_ = false;
  bool offers_plain_ = false;
  bool offers_login_ = false;
  bool needs_reset_ = false;  // the last message was refused half-way
  bool stale_ = false;
  sms::handover result_;
};

}  // namespace otpd::mail
