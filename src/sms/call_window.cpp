#include "sms/call_window.hpp"

namespace otpd::sms {

namespace {

std::int64_t second_of(boot_time t) noexcept {
  return std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()).count();
}

}  // namespace

void call_window::add(boot_time now, bool failed, bool slow) noexcept {
  const std::int64_t second = second_of(now);
  bucket& here = buckets_[static_cast<std::size_t>(second) % buckets_.size()];
  if (here.second != second) here = {second, {}};
  ++here.of.calls;
  here.of.failures += failed ? 1 : 0;
  here.of.slow += slow ? 1 : 0;
}

call_window::counts call_window::total(boot_time now) const noexcept {
  const std::int64_t oldest = second_of(now) - static_cast<std::int64_t>(buckets_.size()) + 1;
  counts out;
  for (const bucket& each : buckets_) {
    if (each.second < oldest) continue;
    out.calls += each.of.calls;
    out.failures += each.of.failures;
    out.slow += each.of.slow;
  }
  return out;
}

}  // namespace otpd::sms
