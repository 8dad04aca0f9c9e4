#include "system/otpd_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace otpd::test {

namespace {

namespace fs = std::filesystem;
using steady = std::chrono::steady_clock;
constexpr std::chrono::seconds start_bound{30};

// What execve() takes. Made before fork(): afterwards nothing may allocate.
class string_array {
 public:
  explicit string_array(std::vector<std::string> texts) : x_texts(std::move(texts)) {
    for (std::string& each : x_texts)
      x_pointers.push_back(each.data());
    x_pointers.push_back(nullptr);
  }
  [[nodiscard]] char* const* data() const { return x_pointers.data(); }

 private:
  std::vector<std::string> x_texts;
  std::vector<char*> x_pointers;
};

std::vector<std::string> whole_environment(const std::vector<std::string>& added) {
  std::vector<std::string> out;
  for (char** each = environ; *each != nullptr; ++each)
    out.emplace_back(*each);
  out.insert(out.end(), added.begin(), added.end());
  return out;
}

int open_output(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) throw std::system_error(errno, std::system_category(), file.string());
  return fd;
}

// One poll step of a wait that has a deadline.
void pause_briefly() {
  ::poll(nullptr, 0, 1);
}

std::string unique_name() {
  static std::atomic<unsigned> count{0};
  return "otpd." + std::to_string(++count);
}

std::uint16_t number_of(const boost::json::object& line, const char* name) {
  return static_cast<std::uint16_t>(std::atoi(line.at(name).as_string().c_str()));
}

}  // namespace

fs::path otpd_binary() {
  const char* path = std::getenv("OTPD_BINARY");
  if (path == nullptr || ::access(path, X_OK) != 0) throw std::runtime_error("OTPD_BINARY names no program");
  return fs::absolute(path);
}

fs::path find_program(const std::string& name) {
  const char* const path = std::getenv("PATH");
  std::istringstream list(path != nullptr ? path : "/usr/bin:/bin");
  for (std::string each; std::getline(list, each, ':');) {
    const fs::path candidate = fs::path(each) / name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

std::string read_whole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

otpd_process::otpd_process(fs::path directory, const configuration& settings, const launch& how) {
  const std::string name = unique_name();
  x_log = directory / (name + ".log");
  x_output = directory / (name + ".out");
  const fs::path file = directory / (name + ".toml");
  std::ofstream(file) << settings.text(directory);

  const fs::path binary = how.binary.empty() ? otpd_binary() : how.binary;
  std::vector<std::string> words = how.wrapper;
  words.insert(words.end(), {binary.string(), "--config", file.string()});
  words.insert(words.end(), how.arguments.begin(), how.arguments.end());
  const string_array arguments(words);
  const string_array environment(whole_environment(how.environment));
  const int output = open_output(x_output);
  const int log = open_output(x_log);
  const pid_t parent = ::getpid();

  x_pid = ::fork();
  if (x_pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    const bool moved = how.working_directory.empty() || ::chdir(how.working_directory.c_str()) == 0;
    if (moved && ::dup2(output, STDOUT_FILENO) >= 0 && ::dup2(log, STDERR_FILENO) >= 0) {
      ::execve(arguments.data()[0], arguments.data(), environment.data());
    }
    ::_exit(127);
  }
  ::close(output);
  ::close(log);
  if (x_pid < 0) throw std::system_error(errno, std::system_category(), "fork");
}

otpd_process::~otpd_process() {
  kill();
}

bool otpd_process::serves() {
  const auto deadline = steady::now() + start_bound;
  while (x_port == 0 && steady::now() < deadline) {
    read_ports();
    if (x_port == 0 && end_within(std::chrono::milliseconds(0))) return false;
    if (x_port == 0) pause_briefly();
  }
  return x_port != 0;
}

void otpd_process::read_ports() {
  std::istringstream lines(log());
  for (std::string line; std::getline(lines, line);) {
    if (lines.eof() || line.find(R"("event":"serving")") == line.npos) continue;
    const auto parsed = boost::json::parse(line).as_object();
    x_admin_port = number_of(parsed, "admin_port");
    x_port = number_of(parsed, "port");
  }
}

void otpd_process::signal(int number) const {
  if (!x_end) ::kill(x_pid, number);
}

void otpd_process::kill() {
  if (x_end) return;
  ::kill(x_pid, SIGKILL);
  int status = 0;
  ::waitpid(x_pid, &status, 0);
  x_end = -SIGKILL;
}

std::optional<int> otpd_process::end_within(std::chrono::milliseconds bound) {
  const auto deadline = steady::now() + bound;
  while (!x_end) {
    int status = 0;
    if (::waitpid(x_pid, &status, WNOHANG) == x_pid) {
      x_end = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    } else if (steady::now() >= deadline) {
      return std::nullopt;
    } else {
      pause_briefly();
    }
  }
  return x_end;
}

std::string otpd_process::log() const {
  return read_whole(x_log);
}

std::string otpd_process::output() const {
  return read_whole(x_output);
}

}  // namespace otpd::test
