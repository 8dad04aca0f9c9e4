#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "options.hpp"
#include "worker.hpp"

namespace otpd::bench {

// What one phase of load came to.
struct measurement {
  tally counts;
  histogram latency;
  std::uint64_t operations = 0;     // completed within the window
  double seconds = 0;               // the window, or until the last operation if they ran out before
  std::uint64_t server_cpu_us = 0;  // within the window, as is the next
  std::uint64_t own_cpu_us = 0;
  std::uint64_t server_rss_kib = 0;  // at its end
};

using plan_factory = std::function<std::unique_ptr<plan>(const share&)>;

// Runs one plan per thread over the connections and waits for the last answer. `limit` is how many items
// there are. Throws std::system_error when the server cannot be reached.
[[nodiscard]] measurement run_phase(const options& how, std::uint64_t limit, const plan_factory& make);

}  // namespace otpd::bench
