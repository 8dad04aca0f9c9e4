#include "phase.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "numbers.hpp"
#include "usage.hpp"

namespace otpd::bench {
namespace {

constexpr std::uint64_t start_delay_ns = 10'000'000;

// Counts the threads that have ended.
class finish_line {
 public:
  explicit finish_line(std::size_t runners) : left_(runners) {}

  void cross() {
    const std::lock_guard lock(mutex_);
    left_--;
    changed_.notify_all();
  }
  // Until the moment has come or all have crossed.
  void wait_until(std::uint64_t moment_ns) {
    const std::chrono::steady_clock::time_point moment{std::chrono::nanoseconds{moment_ns}};
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, moment, [this] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t left_;
};

std::uint64_t ns(double seconds) {
  return static_cast<std::uint64_t>(seconds * 1e9);
}

schedule schedule_of(const options& how) {
  schedule when;
  when.start_ns = now_ns() + start_delay_ns;
  when.measure_ns = when.start_ns + ns(how.warmup);
  when.stop_ns = when.measure_ns + ns(how.seconds);
  when.patience_ns = ns(how.timeout);
  if (how.rate > 0) when.interval_ns = ns(static_cast<double>(how.threads) / how.rate);
  return when;
}

// The open loops of the threads interleave evenly.
schedule schedule_of_thread(schedule when, std::size_t index, std::size_t count) {
  when.offset_ns = when.interval_ns * index / count;
  return when;
}

}  // namespace

measurement run_phase(const options& how, std::uint64_t limit, const plan_factory& make) {
  const sockaddr_in server = address_of(how.server.host, how.server.port);
  std::vector<std::unique_ptr<plan>> plans;
  std::vector<std::unique_ptr<worker>> workers;
  for (std::size_t i = 0; i < how.threads; i++) {
    const std::size_t connections = (how.connections + how.threads - 1 - i) / how.threads;
    plans.push_back(make({i, how.threads, first_number(how.seed), limit}));
    workers.push_back(std::make_unique<worker>(server, connections, *plans.back()));
  }
  const schedule when = schedule_of(how);
  finish_line line(how.threads);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < how.threads; i++) {
    threads.emplace_back([&, i] {
      workers[i]->run(schedule_of_thread(when, i, how.threads));
      line.cross();
    });
  }
  line.wait_until(when.measure_ns);
  const usage before = usage::of(how.server_pids);
  const std::uint64_t own_before = own_cpu_us();
  line.wait_until(when.stop_ns);
  const usage after = usage::of(how.server_pids);
  measurement sum;
  sum.own_cpu_us = own_cpu_us() - own_before;
  sum.server_cpu_us = after.cpu_us - std::min(before.cpu_us, after.cpu_us);  // a server may be gone
  sum.server_rss_kib = after.rss_kib;
  threads.clear();

  std::uint64_t last_ns = when.measure_ns;
  for (const auto& one : workers) {
    const outcome& result = one->result();
    sum.counts.merge(result.counts);
    sum.latency.merge(result.latency);
    sum.operations += result.completed;
    last_ns = std::max(last_ns, result.last_ns);
  }
  sum.seconds = static_cast<double>(last_ns - when.measure_ns) / 1e9;
  return sum;
}

}  // namespace otpd::bench
