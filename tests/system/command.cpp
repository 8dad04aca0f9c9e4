#include "system/command.hpp"

#include <sys/wait.h>

#include <cstdio>
#include <filesystem>

namespace otpd::test {

namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::pair<int, std::string> run(const std::vector<std::string>& command) {
  std::string line = "timeout 120";
  for (const std::string& each : command)
    line += " " + quoted(each);
  FILE* pipe = ::popen((line + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {-1, "cannot be run"};
  std::string out;
  for (char part[4096]; const std::size_t size = std::fread(part, 1, sizeof part, pipe);)
    out.append(part, size);
  const int end = ::pclose(pipe);
  return {WIFEXITED(end) ? WEXITSTATUS(end) : -1, out};
}

std::string node_module(const std::string& name) {
  const auto path = std::filesystem::path(OTPD_SOURCE_DIR) / "build/node/node_modules" / name;
  return std::filesystem::exists(path) ? path.string() : std::string();
}

std::string test_source(const std::string& path) {
  return (std::filesystem::path(OTPD_SOURCE_DIR) / "tests" / path).string();
}

std::string url_of(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

}  // namespace otpd::test
