#include "sms/boot_time.hpp"

#include <ctime>

namespace otpd::sms {

boot_time boot_time_now() noexcept {
  timespec t{};
  ::clock_gettime(CLOCK_BOOTTIME, &t);
  return boot_time{milliseconds{t.tv_sec * 1000LL + t.tv_nsec / 1'000'000}};
}

}  // namespace otpd::sms
