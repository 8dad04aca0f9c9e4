#include "sms/circuit_breaker.hpp"

namespace otpd::sms {

std::string_view name_of(breaker_state state) noexcept {
  switch (state) {
    case breaker_state::closed:
      return "closed";
    case breaker_state::half_open:
      return "half_open";
    case breaker_state::open:
      return "open";
  }
  return "";
}

std::string_view name_of(breaker_mode mode) noexcept {
  switch (mode) {
    case breaker_mode::automatic:
      return "automatic";
    case breaker_mode::forced_open:
      return "forced_open";
    case breaker_mode::forced_closed:
      return "forced_closed";
  }
  return "";
}

std::string_view name_of(breaker_reason reason) noexcept {
  switch (reason) {
    case breaker_reason::failure_share:
      return "failure_share";
    case breaker_reason::slow_share:
      return "slow_share";
    case breaker_reason::consecutive_failures:
      return "consecutive_failures";
    case breaker_reason::wait_over:
      return "wait_over";
    case breaker_reason::probes_succeeded:
      return "probes_succeeded";
    case breaker_reason::probe_failed:
      return "probe_failed";
    case breaker_reason::probe_lost:
      return "probe_lost";
    case breaker_reason::operator_says:
      return "operator";
  }
  return "";
}

}  // namespace otpd::sms
