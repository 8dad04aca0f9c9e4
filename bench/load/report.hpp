#pragma once

#include <cstdint>
#include <string>

#include "options.hpp"
#include "phase.hpp"

namespace otpd::bench {

// What the sink saw in the phase that the measurement is of.
struct sink_figures {
  std::uint64_t messages = 0;
  std::uint64_t repeated = 0;
  std::uint64_t strangers = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t cpu_us = 0;
};

// One line of JSON without a nested value, so that a shell script can read it; or a table.
[[nodiscard]] std::string report(const options& how, const measurement& sum, const sink_figures& messages);

// 0: all is well, 1: the server was wrong, 2: something did not come to its end.
[[nodiscard]] int exit_status(const tally& counts);

}  // namespace otpd::bench
