#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "mail/smtp_carrier.hpp"

namespace otpd::test {

// A carrier on an event loop that the test turns by hand.
struct carrier_fixture {
  explicit carrier_fixture(mail::smtp_options options, std::shared_ptr<const net::client_tls> trust = nullptr)
      : carrier(loop.get_executor(), std::move(options), std::move(trust)) {}

  // Starts one; `into` is filled once it ends. `message` outlives that.
  void start(const sms::rendered_message& message, std::optional<sms::handover>& into,
             std::chrono::milliseconds bound = std::chrono::seconds{20}) {
    boost::asio::co_spawn(loop.get_executor(), carrier.hand_over(message, bound),
                          [&into](std::exception_ptr error, sms::handover result) {
                            if (error) std::rethrow_exception(error);
                            into.emplace(std::move(result));
                          });
  }
  // Turns the loop until `done` has a value.
  template <class T>
  void run_until(const std::optional<T>& done) {
    loop.restart();
    while (!done)
      loop.run_one();
  }
  sms::handover send(const sms::rendered_message& message,
                     std::chrono::milliseconds bound = std::chrono::seconds{20}) {
    std::optional<sms::handover> result;
    start(message, result, bound);
    run_until(result);
    return *result;
  }

  boost::asio::io_context loop{1};
  mail::smtp_carrier carrier;
};

// An ordinary message. A code's place in it is `text`.
inline sms::rendered_message a_message() {
  sms::rendered_message message;
  message.channel = otp::channel::email;
  message.to = "someone@example.com";
  message.text = "Your code is 123456.\n";
  message.code = "123456";
  message.subject = "Your code";
  message.reference = "Zm9vYmFyYmF6cXV4";
  message.at = std::chrono::sys_seconds{std::chrono::seconds{1767225600}};  // 2026-01-01 00:00:00
  return message;
}

}  // namespace otpd::test
