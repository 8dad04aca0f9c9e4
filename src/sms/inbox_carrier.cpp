#include "sms/inbox_carrier.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

namespace otpd::sms {

namespace {

using timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, loop_executor>;

handover silence(boost::system::error_code why) {
  handover out;
  out.error = why;
  return out;
}

handover answer_of(const inbox::ticket& ticket) {
  handover out;
  out.failure = ticket.step.fail;
  if (out.failure == otp::failure::none) out.message_id = "inbox-" + std::to_string(ticket.number);
  return out;
}

inbox_outcome outcome_in_time(const inbox_step& step) noexcept {
  if (step.drop) return inbox_outcome::dropped;
  return step.fail == otp::failure::none ? inbox_outcome::accepted : inbox_outcome::refused;
}

// What the provider makes of a message whose sender has given up.
inbox_outcome outcome_in_vain(const inbox_step& step) noexcept {
  const bool arrives = !step.hang && !step.drop && step.fail == otp::failure::none;
  return arrives ? inbox_outcome::late : inbox_outcome::hung;
}

}  // namespace

task<boost::system::error_code> inbox_carrier::pause(std::chrono::milliseconds how_long) {
  timer clock(executor_, how_long);
  const auto [ec] = co_await clock.async_wait(boost::asio::as_tuple(boost::asio::deferred));
  co_return ec;
}

task<handover> inbox_carrier::hand_over(const rendered_message& message, std::chrono::milliseconds bound) {
  const inbox::ticket ticket = box_.admit();
  const std::chrono::milliseconds delay = ticket.step.delay;
  const bool is_in_time = !ticket.step.hang && (delay.count() == 0 || delay < bound);
  const std::chrono::milliseconds wait = is_in_time ? delay : bound;
  boost::system::error_code ec;
  if (wait.count() > 0) ec = co_await pause(wait);
  if (!ec && !is_in_time) ec = net::http_errc::timed_out;
  if (ec) {
    box_.file(ticket.number, message, outcome_in_vain(ticket.step), otp::failure::unknown);
    co_return silence(ec);
  }
  box_.file(ticket.number, message, outcome_in_time(ticket.step), ticket.step.fail);
  co_return answer_of(ticket);
}

}  // namespace otpd::sms
