#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "system/configuration.hpp"

namespace otpd::test {

// The binary under test: what OTPD_BINARY names. Throws if nothing does.
[[nodiscard]] std::filesystem::path otpd_binary();
// A program of the PATH; empty if there is none.
[[nodiscard]] std::filesystem::path find_program(const std::string& name);

// How a process is started, apart from its configuration.
struct launch {
  std::filesystem::path binary = {};             // empty: otpd_binary()
  std::filesystem::path working_directory = {};  // empty: the test's own
  std::vector<std::string> wrapper =
      {};  // what runs the binary instead, such as strace and its options; must exec it
  std::vector<std::string> environment = {};  // NAME=value, added to the test's own
  std::vector<std::string> arguments = {};    // after --config FILE
};

// One otpd, a child of this test: killed with it, and at the latest with this object. Its configuration, its
// data and what it writes are in `directory`, which outlives it and may be given to the next one.
class otpd_process {
 public:
  otpd_process(std::filesystem::path directory, const configuration& settings, const launch& how = {});
  otpd_process(const otpd_process&) = delete;
  otpd_process& operator=(const otpd_process&) = delete;
  ~otpd_process();

  // True once it has said that it serves; false if it has ended instead, or takes longer than 30 s.
  [[nodiscard]] bool serves();
  [[nodiscard]] std::uint16_t port() const noexcept { return x_port; }
  [[nodiscard]] std::uint16_t admin_port() const noexcept { return x_admin_port; }
  [[nodiscard]] pid_t pid() const noexcept { return x_pid; }

  void signal(int number) const;
  // SIGKILL, and then its end.
  void kill();
  // How it ended: the exit code, or minus the signal. Nothing if it still runs after `bound`.
  [[nodiscard]] std::optional<int> end_within(std::chrono::milliseconds bound);

  // What it wrote to its standard error: the log.
  [[nodiscard]] std::string log() const;
  [[nodiscard]] const std::filesystem::path& log_file() const noexcept { return x_log; }
  // What it wrote to its standard output.
  [[nodiscard]] std::string output() const;

 private:
  void read_ports();

  std::filesystem::path x_log;
  std::filesystem::path x_output;
  pid_t x_pid = -1;
  std::optional<int> x_end;
  std::uint16_t x_port = 0;
  std::uint16_t x_admin_port = 0;
};

[[nodiscard]] std::string read_whole(const std::filesystem::path& file);

}  // namespace otpd::test
