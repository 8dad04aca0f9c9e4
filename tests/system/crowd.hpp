#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "system/http_connection.hpp"

namespace otpd::test {

// One connection for each list of requests. Every connection has sent its first request but for the last byte
// before any of them sends that byte, together with its other requests: then all of them at once. The answers
// in no order; a connection that could not be made, or was cut short, has fewer. `at_release`, which throws
// nothing, is called at that moment, on some thread.
[[nodiscard]] std::vector<http_answer> ask_together(
    std::uint16_t port, const std::vector<std::vector<std::string>>& requests,
    std::function<void()> at_release = [] {});

}  // namespace otpd::test
