#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>

namespace otpd::bench {

// What processes and all their descendants have used and hold, from /proc.
struct usage {
  std::uint64_t cpu_us = 0;   // user + system, in the kernel's clock ticks (10 ms)
  std::uint64_t rss_kib = 0;  // the resident sets, shared pages counted for each

  // A process that is gone counts nothing.
  [[nodiscard]] static usage of(std::span<const pid_t> processes);
};

// User + system of this process.
[[nodiscard]] std::uint64_t own_cpu_us();

}  // namespace otpd::bench
