#include "otp/record.hpp"

namespace otpd::otp {

std::string_view to_string(status value) noexcept {
  switch (value) {
    case status::pending:
      return "pending";
    case status::approved:
      return "approved";
    case status::canceled:
      return "canceled";
    case status::expired:
      return "expired";
    case status::max_attempts_reached:
      return "max_attempts_reached";
  }
  return "unknown";
}

std::string_view to_string(delivery value) noexcept {
  switch (value) {
    case delivery::none:
      return "none";
    case delivery::sending:
      return "sending";
    case delivery::sent:
      return "sent";
    case delivery::delivered:
      return "delivered";
    case delivery::failed:
      return "failed";
    case delivery::unknown:
      return "unknown";
    case delivery::queued:
      return "queued";
  }
  return "unknown";
}

bool subject::operator==(const subject& other) const {
  return profile == other.profile && purpose == other.purpose &&
         sends.theoretical_arrival_us() == other.sends.theoretical_arrival_us() &&
         failures.theoretical_arrival_us() == other.failures.theoretical_arrival_us() &&
         consecutive_failures == other.consecutive_failures && next_send == other.next_send &&
         verifications == other.verifications;
}

bool recipient_record::operator==(const recipient_record& other) const {
  return day.theoretical_arrival_us() == other.day.theoretical_arrival_us() && subjects == other.subjects;
}

}  // namespace otpd::otp
