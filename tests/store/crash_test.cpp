// What was acknowledged survives kill -9, at any moment, again and again.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "store/shelf.hpp"

extern char** environ;

namespace otpd::store::test {
namespace {

constexpr std::uint64_t writers = 16;

struct acknowledged {
  std::uint64_t writer;
  std::uint64_t number;
};

task<void> count_for_ever(engine& store, std::uint64_t writer, int pipe) {
  const auto found = co_await store.get(key(writer));
  if (found.has_error()) co_return;
  std::uint64_t number = number_in(*found);
  for (;;) {
    const error_code failed = co_await increment(store, key(writer));
    if (failed) co_return;
    const acknowledged one{writer, ++number};
    if (::write(pipe, &one, sizeof one) != sizeof one) co_return;
  }
}

// Not a test: the process that is killed. It counts in each of its keys and reports every number once it was
// acknowledged.
TEST(CrashChild, DISABLED_CountsUntilItIsKilled) {
  const char* path = std::getenv("OTPD_CRASH_STORE");
  ASSERT_NE(path, nullptr);
  const int pipe = std::atoi(std::getenv("OTPD_CRASH_PIPE"));
  engine::settings settings;
  settings.store = shelf::in(path);
  settings.store.durability =
      std::getenv("OTPD_CRASH_POWER") != nullptr ? durability::power : durability::process;
  settings.store.min_free_mib = settings.store.ballast_mib = 0;
  const system_time time;
  life_clock clock(time);
  event_log log;
  engine store(settings, clock, log);
  loop_threads loops(2);
  std::vector<std::future<void>> running;
  for (std::uint64_t i = 0; i < writers; ++i) {
    running.push_back(
        boost::asio::co_spawn(loops[i % 2], count_for_ever(store, i, pipe), boost::asio::use_future));
  }
  for (auto& one : running)
    one.wait();
}

class child {
 public:
  child(const std::filesystem::path& store, durability durable) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    read_end_ = ends[0];
    ::setenv("OTPD_CRASH_STORE", store.c_str(), 1);
    ::setenv("OTPD_CRASH_PIPE", "9", 1);
    durable == durability::power ? ::setenv("OTPD_CRASH_POWER", "1", 1) : ::unsetenv("OTPD_CRASH_POWER");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], 9);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    std::string self = "/proc/self/exe";
    std::string filter = "--gtest_filter=CrashChild.*";
    std::string disabled = "--gtest_also_run_disabled_tests";
    std::array<char*, 4> arguments{self.data(), filter.data(), disabled.data(), nullptr};
    const int failed = ::posix_spawn(&pid_, self.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed != 0) throw std::runtime_error("spawn");
  }
  ~child() {
    kill();
    ::close(read_end_);
  }

  [[nodiscard]] bool next(acknowledged& out) const {
    return ::read(read_end_, &out, sizeof out) == sizeof out;
  }
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
  int read_end_ = -1;
};

void kill_again_and_again(durability durable) {
  const scratch dir;
  std::array<std::uint64_t, writers> last{};
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    SCOPED_TRACE(round);
    {
      child one(dir / "store", durable);
      acknowledged number{};
      for (auto wanted = random() % 400 + 1; wanted > 0; --wanted) {
        ASSERT_TRUE(one.next(number));
        last.at(number.writer) = number.number;
      }
      one.kill();
      while (one.next(number))
        last.at(number.writer) = number.number;
    }
    const shelf found(dir / "store");
    EXPECT_FALSE(found.db.recovered().rolled_back) << found.db.recovered().detail;
    found.db.verify();
    for (std::uint64_t i = 0; i < writers; ++i) {
      const std::uint64_t stored = number_in(found.get(i));
      EXPECT_GE(stored, last[i]);      // nothing acknowledged is lost,
      EXPECT_LE(stored, last[i] + 2);  // and nothing is there but what was on its way
      last[i] = stored;
    }
  }
}

TEST(Crash, WhatWasAcknowledgedSurvivesKillsWithPowerDurability) {
  kill_again_and_again(durability::power);
}
TEST(Crash, WhatWasAcknowledgedSurvivesKillsWithProcessDurability) {
  kill_again_and_again(durability::process);
}

}  // namespace
}  // namespace otpd::store::test
