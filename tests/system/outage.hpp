#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "system/provider_log.hpp"
#include "system/sms_sink.hpp"
#include "system/steady_load.hpp"

namespace otpd::test {

// What the outside has seen of an outage of the first of two gateways.
struct outage {
  using time = std::chrono::steady_clock::time_point;
  using seconds = std::chrono::duration<double>;

  time dark{};    // when the first gateway went
  time healed{};  // when it came back
  steady_load::result load;
  std::vector<sms_sink::call> first, second;  // what each gateway has got
  std::vector<provider_log::line> log;
  std::size_t sent = 0;  // messages of which otpd says so

  // How the first one's breaker came into this state.
  [[nodiscard]] std::vector<provider_log::line> breaker(const std::string& state) const;
  // Failures of the first one that the log tells of before its breaker opened.
  [[nodiscard]] std::size_t failures_before_opening() const;
  // Calls to the first one that began within this time: those that it has seen, and those that it could not
  // see because it took no connection, known by the time that their messages lost.
  [[nodiscard]] std::size_t calls_between(time from, time until) const;
  // Those of them that came at once after the opening, for issues from before it: it could not stop them.
  [[nodiscard]] std::size_t on_the_wire_at(time opened) const;
  // The first message at `gateway`, answered, from `since` on; time::max() if there is none.
  [[nodiscard]] static time first_answered(const std::vector<sms_sink::call>& gateway, time since);
  // How long each issue's message took until a gateway answered for it, sorted; a lost one takes an hour.
  [[nodiscard]] std::vector<seconds> ways() const;
  // Messages that both gateways have got; calls of one gateway beyond a message's first; recipients whose
  // calls carried different codes.
  [[nodiscard]] std::size_t doubles() const;
  [[nodiscard]] static std::size_t repeats(const std::vector<sms_sink::call>& gateway);
  [[nodiscard]] std::size_t changed_codes() const;
};

}  // namespace otpd::test
