#include "system/issue_load.hpp"

#include <time.h>

#include <algorithm>

#include "system/recipients.hpp"

namespace otpd::test {

namespace {

std::chrono::sys_seconds parse_time(const std::string& text) {
  tm parts{};
  ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace

issue_load::issue_load(const plan& how, std::atomic<int>& next_number) : x_plan(how), x_next(next_number) {
  for (int i = 0; i < how.clients; ++i)
    x_threads.emplace_back([this] { run(); });
}

std::vector<acknowledged> issue_load::finish() {
  x_threads.clear();
  return std::move(x_acknowledged);
}

void issue_load::run() {
  http_connection connection(x_plan.port);
  while (connection.is_open() && issue(connection) && !x_stopping) {
    // Waits, and ends early where the connection does.
    if (x_plan.pace.count() > 0 && !connection.is_silent_for(x_plan.pace)) return;
  }
}

bool issue_load::issue(http_connection& over) {
  acknowledged made;
  made.to = phone_number(x_next++);
  const http_answer answer = over.exchange(issue_request(made.to));
  if (answer.status != 201) return false;
  made.at = std::chrono::steady_clock::now();
  if (++x_count == x_plan.call_at) x_plan.call();
  made.id = answer.text("id");
  made.expires = parse_time(answer.text("expires_at"));
  const std::lock_guard lock(x_mutex);
  x_acknowledged.push_back(std::move(made));
  return !answer.closes();
}

std::vector<std::string> deliveries(std::uint16_t port, const std::vector<std::string>& ids) {
  constexpr std::size_t together = 64;
  std::vector<std::string> out(ids.size());
  http_connection connection(port);
  for (std::size_t begin = 0; begin < ids.size() && connection.is_open(); begin += together) {
    const std::size_t end = std::min(begin + together, ids.size());
    std::string requests;
    for (std::size_t i = begin; i < end; ++i)
      requests += read_request(ids[i]);
    if (!connection.send(requests)) return out;
    for (std::size_t i = begin; i < end; ++i) {
      const http_answer seen = connection.read_answer();
      if (seen.came != http_answer::how::whole) return out;
      out[i] = seen.status == 200 ? seen.text("delivery") : std::to_string(seen.status);
    }
  }
  return out;
}

}  // namespace otpd::test
