#include "system/steady_load.hpp"

#include <poll.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>

#include "system/http_connection.hpp"
#include "system/recipients.hpp"

namespace otpd::test {

namespace {

using std::chrono::steady_clock;
using issue = steady_load::issue;

constexpr int threads = 4;
// The first requests go over so many connections, so that every event loop of the server has some.
constexpr std::size_t first_connections = 8;

// The connections of one thread.
class client {
 public:
  explicit client(std::uint16_t port) : x_port(port) {
    for (std::size_t i = 0; i < first_connections; ++i)
      x_idle.push_back(std::make_unique<http_connection>(port));
  }

  void begin(std::string to) {
    issue made;
    made.to = std::move(to);
    made.begun = steady_clock::now();
    auto connection = take();
    if (!connection->send(issue_request(made.to))) return x_ended.push_back(std::move(made));
    x_busy.push_back({std::move(connection), std::move(made)});
  }

  // Reads what comes until `until`.
  void read(steady_load::time until) {
    std::vector<pollfd> waiting;
    for (const exchange& each : x_busy)
      waiting.push_back({each.connection->descriptor(), POLLIN, 0});
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
    const int bound = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 100));
    if (::poll(waiting.data(), waiting.size(), bound) <= 0) return;
    for (std::size_t i = waiting.size(); i-- > 0;)
      if (waiting[i].revents != 0) end(i);
  }

  [[nodiscard]] bool is_quiet() const noexcept { return x_busy.empty(); }
  [[nodiscard]] std::size_t connections() const noexcept { return x_idle.size() + x_busy.size(); }
  [[nodiscard]] std::vector<issue>& ended() noexcept { return x_ended; }
  void give_up() {
    for (exchange& each : x_busy)
      x_ended.push_back(std::move(each.what));
    x_busy.clear();
  }

 private:
  struct exchange {
    std::unique_ptr<http_connection> connection;
    issue what;
  };

  // The one that has rested longest.
  std::unique_ptr<http_connection> take() {
    if (x_idle.empty()) return std::make_unique<http_connection>(x_port);
    auto out = std::move(x_idle.front());
    x_idle.pop_front();
    return out;
  }
  void end(std::size_t number) {
    exchange over = std::move(x_busy[number]);
    x_busy.erase(x_busy.begin() + static_cast<std::ptrdiff_t>(number));
    const http_answer answer = over.connection->read_answer();
    over.what.answered = steady_clock::now();
    over.what.status = answer.status;
    over.what.id = answer.text("id");
    over.what.problem = answer.text("code");
    x_ended.push_back(std::move(over.what));
    if (answer.status != 0 && !answer.closes()) x_idle.push_back(std::move(over.connection));
  }

  std::uint16_t x_port;
  std::deque<std::unique_ptr<http_connection>> x_idle;
  std::vector<exchange> x_busy;
  std::vector<issue> x_ended;
};

}  // namespace

steady_load::steady_load(std::uint16_t port, int per_second)
    : x_port(port), x_interval(std::chrono::nanoseconds(std::chrono::seconds(threads)) / per_second) {
  for (int i = 0; i < threads; ++i)
    x_threads.emplace_back([this, i] { run(i); });
}

steady_load::result steady_load::finish() {
  x_stopped = true;
  x_threads.clear();
  return std::move(x_result);
}

void steady_load::run(int number) {
  client mine(x_port);
  time due = x_start + x_interval * number / threads;
  std::chrono::nanoseconds latest{0};
  for (int count = 0; !x_stopped; ++count) {
    mine.read(due);
    while (!x_stopped && steady_clock::now() < due)
      mine.read(due);
    latest = std::max<std::chrono::nanoseconds>(latest, steady_clock::now() - due);
    mine.begin(phone_number(number * 1'000'000 + count));
    due += x_interval;
  }
  const time bound = steady_clock::now() + std::chrono::seconds(30);
  while (!mine.is_quiet() && steady_clock::now() < bound)
    mine.read(bound);
  const std::size_t connections = mine.connections();
  mine.give_up();
  const std::lock_guard lock(x_mutex);
  std::ranges::move(mine.ended(), std::back_inserter(x_result.issues));
  x_result.connections += connections;
  x_result.latest = std::max(x_result.latest, std::chrono::ceil<std::chrono::milliseconds>(latest));
}

}  // namespace otpd::test
