#include "system/provider_log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace otpd::test {

namespace {

std::string text_of(const boost::json::object& line, const char* name) {
  const auto* found = line.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string().c_str()) : std::string();
}

}  // namespace

provider_log::provider_log(const std::filesystem::path& file)
    : x_thread([this, file](const std::stop_token& stop) { follow(file, stop); }) {}

void provider_log::follow(const std::filesystem::path& file, const std::stop_token& stop) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::system_category(), file.string());
  std::string rest;
  while (!stop.stop_requested()) {
    char bytes[16384];
    const auto n = ::read(fd, bytes, sizeof bytes);
    if (n <= 0) {
      ::poll(nullptr, 0, 2);  // a file that grows wakes nobody
      continue;
    }
    rest.append(bytes, static_cast<std::size_t>(n));
    for (std::size_t end = 0; (end = rest.find('\n')) != rest.npos; rest.erase(0, end + 1))
      keep(rest.substr(0, end));
  }
  ::close(fd);
}

void provider_log::keep(const std::string& text) {
  boost::json::error_code failed;
  const auto parsed = boost::json::parse(text, failed);
  if (failed || !parsed.is_object()) return;
  const auto& object = parsed.as_object();
  const std::string event = text_of(object, "event");
  if (event != "breaker" && event != "send") return;
  line made;
  made.at = std::chrono::steady_clock::now();
  made.is_breaker = event == "breaker";
  made.provider = text_of(object, "provider");
  made.to = text_of(object, "to");
  made.why = text_of(object, "why");
  made.wait = std::chrono::milliseconds(std::atoll(text_of(object, "wait_ms").c_str()));
  made.outcome = text_of(object, "outcome");
  made.error = text_of(object, "error");
  made.took = std::chrono::microseconds(std::atoll(text_of(object, "took_us").c_str()));
  const std::lock_guard lock(x_mutex);
  x_lines.push_back(std::move(made));
}

std::vector<provider_log::line> provider_log::lines() const {
  const std::lock_guard lock(x_mutex);
  return x_lines;
}

std::vector<provider_log::line> provider_log::breaker(const std::string& provider,
                                                      const std::string& state) const {
  std::vector<line> out;
  for (const line& each : lines())
    if (each.is_breaker && each.provider == provider && each.to == state) out.push_back(each);
  return out;
}

}  // namespace otpd::test
