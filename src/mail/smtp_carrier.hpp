#pragma once

#include <cstdint>
#include <memory>

#include "mail/smtp_options.hpp"
#include "mail/smtp_pool.hpp"
#include "net/client_deadlines.hpp"
#include "net/client_tls.hpp"
#include "net/name_resolver.hpp"
#include "sms/carrier.hpp"

namespace otpd::mail {

// E-mail through one mail server, over kept connections. One instance per event loop, not thread-safe. It is
// destroyed before its loop; on a loop that still runs, only after its tasks have ended.
class smtp_carrier final : public sms::carrier {
 public:
  // Unless security is none it needs `trust`; reads no file itself. Throws std::invalid_argument that begins
  // with the option's name if from, from_name or helo is not what a message or EHLO can carry, or if the
  // options would send credentials and codes in the clear to another machine without saying so.
  smtp_carrier(loop_executor loop, smtp_options options, std::shared_ptr<const net::client_tls> trust);

  // As sms::carrier says; `status` is the reply's code, `error` an smtp_errc. message.from, if it is there,
  // stands in for options.from. A message that cannot be written is `rejected`. One that a kept connection
  // lost before the server answered MAIL is tried again, once and on a new one. Cancelling closes the
  // connection.
  task<sms::handover> hand_over(const sms::rendered_message& message,
                                std::chrono::milliseconds bound) override;

  // Ends idle connections, so that the loop can run out of work. Messages under way end by themselves; new
  // ones are `unavailable`.
  void close() noexcept;

  // How many connections were opened so far: for tests and metrics.
  [[nodiscard]] std::uint64_t connections_opened() const noexcept { return opened_; }

 private:
  struct mail;

  task<sms::handover> carry(const mail& what, net::steady_time deadline);
  // A connection that is ready for a message, or why there is none.
  task<sms::handover> open(smtp_pool::lease& into, net::steady_time deadline);
  // To the first address that takes it.
  task<boost::system::error_code> connect(smtp_connection& connection, net::steady_time until);

  loop_executor loop_;
  const smtp_options options_;
  const std::shared_ptr<const net::client_tls> trust_;
  net::client_deadlines deadlines_;
  net::name_resolver names_;
  smtp_pool pool_;
  std::uint64_t opened_ = 0;
  bool closed_ = false;
};

}  // namespace otpd::mail
