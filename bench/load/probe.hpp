#pragma once

#include "options.hpp"

namespace otpd::bench {

// GETs the path, at most for `timeout`, until it answers 200. 0: it did, 2: it did not.
[[nodiscard]] int wait_until_ready(const options& how);

// Opens the connections, has each answer one GET, waits `seconds`, and prints what each weighs in the server.
// 0: all were still open then, 2: some were not. Throws std::system_error.
[[nodiscard]] int weigh_idle_connections(const options& how);

}  // namespace otpd::bench
