#include "system/crowd.hpp"

#include <algorithm>
#include <barrier>
#include <iterator>
#include <mutex>
#include <thread>

namespace otpd::test {

namespace {

constexpr std::size_t thread_count = 8;

struct member {
  http_connection connection;
  std::string held_back;
  std::size_t expected = 0;
};

member prepare(std::uint16_t port, const std::vector<std::string>& requests) {
  member out{http_connection(port), {}, requests.size()};
  const std::string& first = requests.front();
  if (!out.connection.is_open() || !out.connection.send({first.data(), first.size() - 1})) {
    out.expected = 0;
    return out;
  }
  out.held_back = first.back();
  for (std::size_t i = 1; i < requests.size(); ++i)
    out.held_back += requests[i];
  return out;
}

}  // namespace

std::vector<http_answer> ask_together(std::uint16_t port,
                                      const std::vector<std::vector<std::string>>& requests,
                                      std::function<void()> at_release) {
  std::vector<http_answer> answers;
  std::mutex mutex;
  std::barrier start(static_cast<std::ptrdiff_t>(thread_count), [&]() noexcept { at_release(); });
  auto work = [&](std::size_t number) {
    std::vector<member> mine;
    for (std::size_t i = number; i < requests.size(); i += thread_count)
      mine.push_back(prepare(port, requests[i]));
    start.arrive_and_wait();
    for (member& each : mine) {
      if (each.expected != 0 && !each.connection.send(each.held_back)) each.expected = 0;
    }
    std::vector<http_answer> got;
    for (member& each : mine) {
      for (std::size_t i = 0; i < each.expected; ++i) {
        got.push_back(each.connection.read_answer());
        if (got.back().came != http_answer::how::whole) break;
      }
    }
    const std::lock_guard lock(mutex);
    std::ranges::move(got, std::back_inserter(answers));
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < thread_count; ++i)
      threads.emplace_back(work, i);
  }
  return answers;
}

}  // namespace otpd::test
