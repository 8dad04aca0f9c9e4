// Updates through the engine, as a server makes them: many coroutines on two loops, each reading, deciding
// and writing one record of 160 bytes. `cpu_us` is what an update costs in user and system time over all
// threads.

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <filesystem>
#include <future>
#include <latch>
#include <thread>

#include "store/engine.hpp"

namespace otpd::store {
namespace {

namespace asio = boost::asio;
constexpr std::size_t loop_count = 2;
constexpr std::uint64_t population = 100'000;

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

otp::record_key key_of(std::uint64_t number) {
  otp::record_key out;
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t x = (number * 2 + half + 1) * 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    x ^= x >> 31;
    for (std::size_t i = 0; i < 8; ++i)
      out.bytes[half * 8 + i] = static_cast<std::uint8_t>(x >> (8 * i));
  }
  return out;
}

class silent final : public observer {
 public:
  void on_commit(std::size_t count, std::chrono::nanoseconds) override { groups += 1, updates += count; }
  void on_event(std::string_view) override {}
  std::size_t groups = 0;
  std::size_t updates = 0;
};

class charge final : public otp::transition {
 public:
  void apply(std::optional<std::string_view> current, otp::write_set& out) override {
    std::string next(current.value_or(std::string_view{}));
    next.resize(160);
    ++next[0];
    out.put(key, std::move(next), otp::never);
  }
  otp::record_key key;
};

// A store on the disk below the working directory, with its loops.
struct rig {
  explicit rig(durability durable) {
    settings.store.path = path;
    settings.store.durability = durable;
    settings.store.ballast_mib = 0;
    std::filesystem::remove_all(path);
    std::filesystem::remove(path.string() + ".mark");
    open();
    for (auto& loop : loops)
      threads.emplace_back([&loop] { loop.run(); });
  }
  ~rig() {
    store.reset();
    for (auto& guard : guards)
      guard.reset();
    for (auto& thread : threads)
      thread.join();
    std::filesystem::remove_all(path);
    std::filesystem::remove(path.string() + ".mark");
  }
  void open() {
    store.reset();
    store = std::make_unique<engine>(settings, clock, watch);
  }

  std::filesystem::path path = std::filesystem::current_path() / "store-bench";
  engine::settings settings;
  system_time time;
  life_clock clock{time};
  silent watch;
  std::array<asio::io_context, loop_count> loops{asio::io_context{1}, asio::io_context{1}};
  std::array<asio::executor_work_guard<loop_executor>, loop_count> guards{asio::make_work_guard(loops[0]),
                                                                          asio::make_work_guard(loops[1])};
  std::vector<std::thread> threads;
  std::unique_ptr<engine> store;
};

task<void> charge_often(engine& store, std::uint64_t first, std::uint64_t stride, std::uint64_t times,
                        std::latch& done) {
  charge step;
  for (std::uint64_t i = 0; i < times; ++i) {
    step.key = key_of((first + i * stride) % population);
    const auto result = co_await store.update(step.key, step);
    if (result.has_error()) std::abort();
  }
  done.count_down();
}

void run_updates(rig& r, std::uint64_t coroutines, std::uint64_t each) {
  std::latch done(static_cast<std::ptrdiff_t>(coroutines));
  for (std::uint64_t i = 0; i < coroutines; ++i) {
    asio::co_spawn(r.loops[i % loop_count], charge_often(*r.store, i, coroutines, each, done),
                   asio::detached);
  }
  done.wait();
}

void updates(benchmark::State& state, durability durable) {
  rig r(durable);
  const auto coroutines = static_cast<std::uint64_t>(state.range(0));
  const std::uint64_t each = 40'000 / coroutines;
  run_updates(r, coroutines, each);
  r.watch.groups = r.watch.updates = 0;
  const double before = cpu_seconds();
  for (auto _ : state)
    run_updates(r, coroutines, each);
  const auto total = static_cast<double>(coroutines * each) * static_cast<double>(state.iterations());
  state.SetItemsProcessed(static_cast<std::int64_t>(total));
  state.counters["cpu_us"] = (cpu_seconds() - before) * 1e6 / total;
  state.counters["group"] =
      static_cast<double>(r.watch.updates) / static_cast<double>(std::max<std::size_t>(r.watch.groups, 1));
}
BENCHMARK_CAPTURE(updates, power, durability::power)
    ->Arg(64)
    ->Arg(256)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(5);
BENCHMARK_CAPTURE(updates, process, durability::process)
    ->Arg(64)
    ->Arg(256)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->MinTime(5);

task<std::size_t> read_often(engine& store, std::uint64_t first, std::uint64_t times) {
  std::size_t found = 0;
  for (std::uint64_t i = 0; i < times; ++i) {
    const auto value = co_await store.get(key_of(first + i % population));
    found += value.has_value() && value->has_value();
  }
  co_return found;
}

void gets(benchmark::State& state, std::uint64_t first, bool in_tables) {
  rig r(durability::process);
  run_updates(r, 250, population / 250);
  if (in_tables) r.open();  // what was in the log goes to table files
  constexpr std::uint64_t times = 100'000;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        asio::co_spawn(r.loops[0], read_often(*r.store, first, times), asio::use_future).get());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(times) * state.iterations());
}
BENCHMARK_CAPTURE(gets, hit_in_memory, 0, false)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(gets, hit_in_tables, 0, true)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(gets, miss_in_tables, population, true)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace otpd::store
