#pragma once

#include "options.hpp"

namespace otpd::bench {

// GETs the path, at most for `timeout`, until it answers 200. 0: it did, 2: it did not.
[[nodiscard]] int wait_until_ready(const options& how);

// Opens the connections, as long as each answers one GET, waits `seconds`, and prints what each that is open
// then weighs in the server. 0: all of them are, 2: some are not. Throws std::system_error.
[[nodiscard]] int weigh_idle_connections(const options& how);

}  // namespace otpd::bench
