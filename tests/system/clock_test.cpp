// RELIABILITY S7: the wall clock jumps; codes live for their lifetime of real time, and nobody's longer.
// libfaketime moves the wall clock of the process, which follows a file, and leaves the clock since boot
// alone.

#include <gtest/gtest.h>

#include <time.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

#include "system/http_connection.hpp"
#include "system/otpd_process.hpp"
#include "system/recipients.hpp"
#include "system/scale.hpp"
#include "system/scratch_directory.hpp"
#include "system/sms_sink.hpp"

namespace otpd::test {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto lifetime = 30s;  // the least that a profile may have
constexpr int stored = 21;
constexpr int compacting_restarts = 6;
constexpr auto restarts =
    5s;  // what restarts may add: the store's mark is a second behind, and no clock counts while down

std::filesystem::path faketime_library() {
  for (const char* machine : {"x86_64-linux-gnu", "aarch64-linux-gnu"}) {
    const auto path = std::filesystem::path("/usr/lib") / machine / "faketime" / "libfaketimeMT.so.1";
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

// Run by ClockTest.FakesTheWallClockOnly in a process of its own, under libfaketime.
TEST(ClockProbe, DISABLED_Prints) {
  std::array<timespec, 2> now{};
  ::clock_gettime(CLOCK_REALTIME, &now[0]);
  ::clock_gettime(CLOCK_BOOTTIME, &now[1]);
  std::printf("clocks %lld %lld\n", static_cast<long long>(now[0].tv_sec),
              static_cast<long long>(now[1].tv_sec));
}

struct issued {
  std::string id;
  std::string code;
  steady::time_point at;
};

// A server in a world of its own, whose wall clock is that world's.
class ClockTest : public testing::Test {
 protected:
  void SetUp() override {
    if (sanitized) GTEST_SKIP() << "a sanitizer must be preloaded first, and so must libfaketime";
    if (faketime_library().empty()) GTEST_SKIP() << "libfaketime is not installed (Debian package faketime)";
    jump("+0d");
  }

  // From now on the wall clock is that far off: "-1d", "+20y".
  void jump(const std::string& offset) const {
    // Renamed into place: no reader sees half a file.
    std::ofstream(directory.path() / "offset.new", std::ios::trunc) << offset << "\n";
    std::filesystem::rename(directory.path() / "offset.new", directory.path() / "offset");
  }

  [[nodiscard]] std::vector<std::string> fake_clock() const {
    return {"LD_PRELOAD=" + faketime_library().string(),
            "FAKETIME_TIMESTAMP_FILE=" + (directory.path() / "offset").string(), "FAKETIME_NO_CACHE=1",
            "DONT_FAKE_MONOTONIC=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"};
  }

  void start(std::vector<std::string> arguments = {}) {
    launch how;
    how.environment = fake_clock();
    how.arguments = std::move(arguments);
    server = std::make_unique<otpd_process>(directory.path(),
                                            configuration{.sink_port = sink.port(), .lifetime = "30s"}, how);
    ASSERT_TRUE(server->serves()) << server->log();
  }
  void restart(std::vector<std::string> arguments = {}) {
    server->kill();
    start(std::move(arguments));
  }

  issued issue() {
    const std::string to = phone_number(next_number++);
    const http_answer made = ask(server->port(), issue_request(to));
    EXPECT_EQ(made.status, 201) << made.body;
    return {made.text("id"), sink.code_for(to).value_or(""), steady::now()};
  }
  [[nodiscard]] http_answer check(const issued& what) const {
    return ask(server->port(), check_request(what.id, what.code));
  }
  // Some records; after a restart they are in a table, and counted exactly. Returns the last of them.
  issued fill_store() {
    start();
    for (int i = 1; i < stored; ++i)
      issue();
    const issued last = issue();
    restart();
    EXPECT_EQ(metric(server->admin_port(), "otpd_recipients"), stored);
    return last;
  }
  // Each restart makes a table of what was logged before it, and enough tables are compacted.
  void restart_until_compacted() {
    for (int i = 0; i < compacting_restarts; ++i) {
      EXPECT_TRUE(check(issue()).says_right());
      restart();
    }
  }
  [[nodiscard]] std::string wall_year() const {
    const auto log = server->log();
    const auto at = log.rfind("{\"time\":\"");
    return at == log.npos ? "" : log.substr(at + 9, 4);
  }

  scratch_directory directory;
  sms_sink sink;
  std::unique_ptr<otpd_process> server;
  int next_number = 0;
};

TEST_F(ClockTest, FakesTheWallClockOnly) {
  jump("+20y");
  std::string command = "env";
  for (const std::string& each : fake_clock())
    command += " " + each;
  command += " /proc/" + std::to_string(::getpid()) +
             "/exe --gtest_filter=ClockProbe.DISABLED_Prints --gtest_also_run_disabled_tests | grep ^clocks";
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  long long wall = 0;
  long long boot = 0;
  ASSERT_EQ(std::fscanf(pipe, "clocks %lld %lld", &wall, &boot), 2);
  ::pclose(pipe);
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  EXPECT_NEAR(static_cast<double>(boot), static_cast<double>(now.tv_sec), 5);
  EXPECT_GT(wall - ::time(nullptr), 19ll * 365 * 86'400);
}

TEST_F(ClockTest, NothingIsLostToAJumpWhileRunning) {
  start();
  for (const std::string offset : {"-1d", "+1d", "+20y", "-1d", "+0d"}) {
    SCOPED_TRACE(offset);
    const issued before = issue();
    jump(offset);
    const issued after = issue();
    EXPECT_TRUE(check(before).says_right());
    EXPECT_TRUE(check(after).says_right());
    EXPECT_EQ(metric(server->admin_port(), "otpd_clock_suspect"), 0);
  }
  restart();
  EXPECT_EQ(metric(server->admin_port(), "otpd_recovery_epoch"), 0);
}

TEST_F(ClockTest, ARestartAfterABackwardJumpLosesNothing) {
  start();
  const issued before = issue();
  jump("-1d");
  restart();
  EXPECT_TRUE(check(before).says_right());
  EXPECT_TRUE(check(issue()).says_right());
  EXPECT_EQ(metric(server->admin_port(), "otpd_clock_suspect"), 0);
}

TEST_F(ClockTest, AForwardJumpWithARestartIsSuspectAndDeletesNothing) {
  const issued last = fill_store();
  jump("+20y");
  restart();
  EXPECT_GT(std::stoi("0" + wall_year()), 2040) << server->log();
  EXPECT_EQ(metric(server->admin_port(), "otpd_clock_suspect"), 1);
  EXPECT_NE(server->log().find("\"clock_suspect\""), std::string::npos) << server->log();
  EXPECT_FALSE(check(last).says_right()) << "expired by the wall clock";

  restart_until_compacted();
  EXPECT_EQ(metric(server->admin_port(), "otpd_recipients"), stored + compacting_restarts);
}

// What the log says: until a start with --confirm-clock.
TEST_F(ClockTest, StaysSuspectUntilItIsConfirmed) {
  start();
  issue();
  jump("+20y");
  restart();
  issue();
  restart();
  EXPECT_EQ(metric(server->admin_port(), "otpd_clock_suspect"), 1) << "a restart is no confirmation";
  restart({"--confirm-clock"});
  EXPECT_EQ(metric(server->admin_port(), "otpd_clock_suspect"), 0);
  EXPECT_TRUE(check(issue()).says_right());
  restart();
  EXPECT_EQ(metric(server->admin_port(), "otpd_clock_suspect"), 0);
}

// Three servers, so that one wait is enough: none accepts a code after its lifetime of real time.
TEST_F(ClockTest, ABackwardJumpMakesNoCodeLiveLonger) {
  class world final : public ClockTest {
   public:
    using ClockTest::check;
    using ClockTest::issue;
    using ClockTest::jump;
    using ClockTest::restart;
    using ClockTest::start;
    void TestBody() override {}
  };
  world running;          // jumps while it runs
  world restarted_late;   // jumps, and is restarted shortly before the end
  world restarted_twice;  // is restarted, then idle, and is restarted after the jump
  std::array<world*, 3> all{&running, &restarted_late, &restarted_twice};
  std::vector<issued> codes;
  for (world* each : all) {
    each->jump("+0d");
    each->start();
    codes.push_back(each->issue());
    each->jump("-1d");
  }
  restarted_twice.restart();

  std::this_thread::sleep_until(codes.back().at + lifetime - 3s);
  restarted_late.restart();
  restarted_twice.restart();
  std::this_thread::sleep_until(codes.back().at + lifetime + restarts);

  EXPECT_EQ(running.check(codes[0]).status, 410) << "while running";
  EXPECT_EQ(restarted_late.check(codes[1]).status, 410) << "with one restart";
  EXPECT_EQ(restarted_twice.check(codes[2]).status, 410) << "with two restarts, and no write between them";
}

}  // namespace
}  // namespace otpd::test
