#include "usage.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace otpd::bench {
namespace {

struct process {
  pid_t id = 0;
  pid_t parent = 0;
  std::uint64_t ticks = 0;
  std::uint64_t pages = 0;
};

// proc(5), /proc/PID/stat: the name in parentheses may hold anything, so the fields are counted from its end.
bool read_process(pid_t id, process& out) {
  std::ifstream file("/proc/" + std::to_string(id) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return false;
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return false;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> skipped >> out.parent;
  for (int field = 5; field <= 13; field++)
    fields >> skipped;
  fields >> user >> system;
  for (int field = 16; field <= 23; field++)
    fields >> skipped;
  fields >> out.pages;
  out.id = id;
  out.ticks = user + system;
  return static_cast<bool>(fields);
}

std::vector<process> all_processes() {
  std::vector<process> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    process one;
    if (read_process(static_cast<pid_t>(std::stol(name)), one)) found.push_back(one);
  }
  return found;
}

}  // namespace

usage usage::of(std::span<const pid_t> processes) {
  if (processes.empty()) return {};
  const std::vector<process> all = all_processes();
  std::vector<pid_t> wanted(processes.begin(), processes.end());
  for (std::size_t i = 0; i < wanted.size(); i++) {
    for (const process& one : all) {
      if (one.parent == wanted[i] && std::ranges::find(wanted, one.id) == wanted.end())
        wanted.push_back(one.id);
    }
  }
  usage sum;
  for (const process& one : all) {
    if (std::ranges::find(wanted, one.id) == wanted.end()) continue;
    sum.cpu_us += one.ticks * 1'000'000 / static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    sum.rss_kib += one.pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
  }
  return sum;
}

std::uint64_t own_cpu_us() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto micros = [](const timeval& t) {
    return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(t.tv_usec);
  };
  return micros(used.ru_utime) + micros(used.ru_stime);
}

}  // namespace otpd::bench
