#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace otpd::test {

// [delivery] with an inbox for both channels: its messages are read at the administration.
inline constexpr const char* inbox_delivery = R"(
[providers.box]
type = "inbox"
[delivery]
sms = "box"
email = "box"
)";

// What a program of the PATH said on both outputs, and how it ended: its exit code. It has two minutes.
[[nodiscard]] std::pair<int, std::string> run(const std::vector<std::string>& command);
// The path of a package that scripts/node has installed; empty: it has not.
[[nodiscard]] std::string node_module(const std::string& name);
// A file below tests.
[[nodiscard]] std::string test_source(const std::string& path);
[[nodiscard]] std::string url_of(std::uint16_t port);

}  // namespace otpd::test
