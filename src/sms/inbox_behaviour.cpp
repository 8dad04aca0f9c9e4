#include "sms/inbox_behaviour.hpp"

namespace otpd::sms {

bool is_sound(const inbox_behaviour& how) noexcept {
  const int answers = (how.fail != otp::failure::none) + how.hang + how.drop;
  return answers <= 1 && how.delay.count() >= 0 && how.delay <= inbox_behaviour::longest_delay &&
         how.every >= 1 && how.every <= inbox_behaviour::most_messages && how.percent <= 100 &&
         how.count <= inbox_behaviour::most_messages;
}

inbox_step step_of(const inbox_behaviour& how, std::uint64_t n) noexcept {
  const bool is_over = how.count != 0 && n > how.count;
  if (is_over || n % how.every != 0) return {};
  // The k-th of those that come into question: it is its turn when the share of k passes a whole number.
  const std::uint64_t k = n / how.every;
  if (k * how.percent / 100 == (k - 1) * how.percent / 100) return {};
  return {how.delay, how.fail, how.hang, how.drop};
}

}  // namespace otpd::sms
