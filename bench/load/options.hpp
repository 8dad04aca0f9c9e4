#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan.hpp"

namespace otpd::bench {

enum class scenario : std::uint8_t {
  http,   // bodies of the same kind to any server, expecting 200
  issue,  // start verifications
  check,  // issue untimed, then check
  round,  // issue, wait for the message, check
  idle,   // keep connections open that do nothing, and weigh the server
  ready,  // wait until a path answers 200
};

struct options {
  scenario what = scenario::http;
  endpoint server;
  std::size_t connections = 256;
  std::size_t threads = 2;
  double rate = 0;             // operations per second, open loop; 0: closed loop
  double seconds = 5;          // of the window that counts
  double warmup = 1;           // before it
  std::uint64_t requests = 0;  // at most; 0: as many as fit (a check prepares so many verifications: 200,000)
  std::uint64_t seed = 0;      // of 64: where the numbers start
  double timeout = 10;
  bool like_check = false;  // http: requests of a check's kind, not an issue's
  mixture mix;
  std::string sink_host = "127.0.0.1";
  std::uint16_t sink_port = 18090;
  std::vector<pid_t> server_pids;
  bool json = false;
};

// Reads the command line. When there is nothing to run (help, or a mistake, told on stderr) returns nothing
// and sets `status`.
[[nodiscard]] std::optional<options> read_options(int argc, char** argv, int& status);

}  // namespace otpd::bench
