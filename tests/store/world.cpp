#include "store/world.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace otpd::store::test {

loop_threads::loop_threads(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    auto& loop = *one_.emplace_back(std::make_unique<one>());
    loop.thread = std::thread([&loop] { loop.context.run(); });
  }
}

loop_threads::~loop_threads() {
  for (auto& loop : one_)
    loop->work.reset();
  for (auto& loop : one_)
    loop->thread.join();
}

void event_log::on_commit(std::size_t count, std::chrono::nanoseconds) {
  if (at_commit) at_commit();
  ++groups;
  updates += count;
  largest = std::max(largest.load(), count);
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

void event_log::on_event(std::string_view text) {
  const std::lock_guard lock(mutex_);
  events_.emplace_back(text);
  changed_.notify_all();
}

std::size_t event_log::count_locked(std::string_view text) const {
  return static_cast<std::size_t>(std::count_if(
      events_.begin(), events_.end(), [text](const std::string& one) { return one.find(text) != one.npos; }));
}

bool event_log::saw(std::string_view text, std::size_t wanted) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return count_locked(text) >= wanted; });
}

std::size_t event_log::count(std::string_view text) {
  const std::lock_guard lock(mutex_);
  return count_locked(text);
}

bool event_log::next_commit() {
  std::unique_lock lock(mutex_);
  const std::size_t before = groups;
  return changed_.wait_for(lock, patience, [&] { return groups > before; });
}

otp::record_key key(std::uint64_t number, otp::table table) {
  otp::record_key out;
  out.table = table;
  for (std::size_t half = 0; half < 2; ++half) {  // splitmix64
    std::uint64_t x = (number * 2 + half + 1) * 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    x ^= x >> 31;
    for (std::size_t i = 0; i < 8; ++i)
      out.bytes[half * 8 + i] = static_cast<std::uint8_t>(x >> (8 * i));
  }
  return out;
}

task<error_code> run_step(otp::store& store, otp::record_key key, step& one) {
  const auto done = co_await store.update(key, one);
  if (done.has_error()) co_return done.error();
  co_return error_code{};
}

task<error_code> put(otp::store& store, otp::record_key key, std::string text, otp::instant expires) {
  step one([&](auto, otp::write_set& out) { out.put(key, text, expires); });
  co_return co_await run_step(store, key, one);
}

task<error_code> increment(otp::store& store, otp::record_key key) {
  step one([&](auto current, otp::write_set& out) {
    out.put(key, std::to_string(number_in(current) + 1), otp::never);
  });
  co_return co_await run_step(store, key, one);
}

std::uint64_t number_in(std::optional<std::string_view> value) {
  std::uint64_t out = 0;
  if (value) std::from_chars(value->data(), value->data() + value->size(), out);
  return out;
}

world::world(std::size_t count, const std::filesystem::path& root) : dir(root), loops(count) {
  settings.store.path = dir / "store";
  settings.store.ballast_mib = 0;
  settings.store.min_free_mib = 0;
  settings.store.min_free_percent = 0;
  settings.store.cache_mib = 8;
  settings.tick_interval = 5ms;
}

world::~world() {
  close();
}

void world::open() {
  close();
  clock = std::make_unique<life_clock>(time);
  engine_ = std::make_unique<engine>(settings, *clock, log);
}

error_code world::put(std::uint64_t number, std::string text, otp::instant expires) {
  return loops.run(test::put(*engine_, key(number), std::move(text), expires));
}

bool world::mark_is_now() const {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    const std::string bytes = read_file(settings.store.path.string() + ".mark");
    std::int64_t life = 0;
    if (bytes.size() >= 16) std::memcpy(&life, bytes.data() + 8, sizeof life);
    if (now().time_since_epoch().count() - life < settings.tick_interval.count()) return true;
    std::this_thread::yield();
  }
  return false;
}

std::string world::get(std::uint64_t number, otp::table table) {
  const auto found = loops.run(engine_->get(key(number, table)));
  if (found.has_error()) return "!";
  return found->value_or("-");
}

}  // namespace otpd::store::test
