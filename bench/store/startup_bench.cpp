// How long a store with a million live records takes to be ready after kill -9.

#include <benchmark/benchmark.h>

#include <rocksdb/write_batch.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <string>

#include "store/engine.hpp"
#include "store/envelope.hpp"

namespace otpd::store {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::uintmax_t> files_of(const fs::path& store) {
  std::map<std::string, std::uintmax_t> out;
  for (const auto& file : fs::directory_iterator(store / "db"))
    out[file.path().filename()] = file.file_size();
  return out;
}

// As kill -9 would leave it: copied again if RocksDB was flushing or compacting meanwhile.
void copy_store(const fs::path& from, const fs::path& to) {
  for (;;) {
    std::error_code failed;
    fs::remove_all(to);
    const auto before = files_of(from);
    fs::copy(from, to, fs::copy_options::recursive, failed);
    fs::copy_file(from.string() + ".mark", to.string() + ".mark", fs::copy_options::overwrite_existing);
    if (!failed && files_of(from) == before) return;
  }
}

void fill(database& db, directory& place, std::uint64_t records, otp::instant now) {
  const auto header = envelope_header(otp::never);
  const std::string value = std::string(header.data(), header.size()) + std::string(160, 'v');
  for (std::uint64_t done = 0; done < records;) {
    rocksdb::WriteBatch batch;
    for (int i = 0; i < 100; ++i, ++done) {
      std::uint64_t x = (done + 1) * 0x9e3779b97f4a7c15;
      x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
      const std::string key = std::string(reinterpret_cast<const char*>(&x), 8) + std::string(8, 'k');
      if (!batch.Put(db.family(otp::table::recipients), key, value).ok()) std::abort();
    }
    if (!db.write(batch, now).ok()) std::abort();
    place.write_mark(db.last_mark());
  }
}

class silent final : public observer {
 public:
  void on_commit(std::size_t, std::chrono::nanoseconds) override {}
  void on_event(std::string_view text) override { std::cerr << text << '\n'; }
};

void start_up(benchmark::State& state) {
  const fs::path root = fs::current_path();
  options settings;
  settings.path = root / "startup-killed";
  settings.durability = durability::process;
  settings.ballast_mib = 0;
  const system_time time;
  {
    life_clock clock(time);
    directory place(settings);
    const std::array<std::uint8_t, 32> check{};
    database db(settings, place, clock, check, false);
    clock.start(db.last_mark().life, false);
    fill(db, place, static_cast<std::uint64_t>(state.range(0)), clock.now().now);
    copy_store(settings.path, root / "startup-original");
  }
  for (auto _ : state) {
    state.PauseTiming();
    copy_store(root / "startup-original", settings.path);
    state.ResumeTiming();
    life_clock clock(time);
    silent watch;
    engine::settings with;
    with.store = settings;
    auto store = std::make_unique<engine>(with, clock, watch);
    state.PauseTiming();
    store.reset();
    state.ResumeTiming();
  }
  std::uintmax_t logs = 0;
  for (const auto& [name, size] : files_of(root / "startup-original"))
    logs += name.ends_with(".log") ? size : 0;
  state.counters["log_mib"] = static_cast<double>(logs >> 20);
  for (const char* name : {"startup-original", "startup-killed"}) {
    fs::remove_all(root / name);
    fs::remove((root / name).string() + ".mark");
  }
}
BENCHMARK(start_up)
    ->Arg(200'000)
    ->Arg(1'000'000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->Iterations(5);

}  // namespace
}  // namespace otpd::store
