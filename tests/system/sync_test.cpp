// RELIABILITY S11: with durability "power" many answers share one sync, and what was answered is there
// whichever sync was the last. strace counts the syncs, and kills at one of them.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <thread>

#include "system/crowd.hpp"
#include "system/otpd_process.hpp"
#include "system/recipients.hpp"
#include "system/scale.hpp"
#include "system/scratch_directory.hpp"
#include "system/sms_sink.hpp"

namespace otpd::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t connections = 256;
constexpr std::size_t issues_each = 40;
constexpr int sync_takes_us = 2000;
constexpr int last_sync = 100;
constexpr int workers = 4;
constexpr int most_flows = 200;  // of one worker, before a kill at the hundredth sync is given up

class Syncs : public testing::Test {
 protected:
  void SetUp() override {
    if (sanitized) GTEST_SKIP() << "a sanitizer does not work under strace";
    strace = find_program("strace");
    if (strace.empty()) GTEST_SKIP() << "strace is not installed (Debian package strace)";
  }

  // The process that strace follows stays the test's own child (-D).
  void start_under_strace(std::vector<std::string> options) {
    options.insert(options.begin(), {strace.string(), "-D", "-f", "-o", trace_file().string()});
    launch how;
    how.wrapper = std::move(options);
    server = std::make_unique<otpd_process>(directory.path(), settings(), how);
  }

  [[nodiscard]] configuration settings() const { return {.sink_port = sink.port()}; }
  [[nodiscard]] std::filesystem::path trace_file() const { return directory.path() / "strace"; }

  // strace ends after the process, and writes its summary then. -1 if it never does.
  [[nodiscard]] long counted_syncs() const {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (std::chrono::steady_clock::now() < deadline) {
      std::istringstream lines(read_whole(trace_file()));
      long calls = 0;
      for (std::string line; std::getline(lines, line);) {
        std::istringstream columns(line);
        std::string share, seconds, each, count;
        columns >> share >> seconds >> each >> count;
        if (line.ends_with(" total")) return calls;
        if (line.ends_with(" fdatasync") || line.ends_with(" fsync"))
          calls += std::strtol(count.c_str(), nullptr, 10);
      }
      std::this_thread::yield();
    }
    return -1;
  }

  scratch_directory directory;
  sms_sink sink;
  std::filesystem::path strace;
  std::unique_ptr<otpd_process> server;
};

TEST_F(Syncs, AreSharedUnderLoad) {
  // Each sync takes as long as on a disk that has no volatile cache; on one that has, there is nothing worth
  // sharing.
  const std::string delay = "inject=fdatasync:delay_enter=" + std::to_string(sync_takes_us);
  start_under_strace({"-c", "-e", "trace=fdatasync,fsync", "-e", delay});
  ASSERT_TRUE(server->serves()) << server->log();
  std::vector<std::vector<std::string>> requests(connections);
  for (std::size_t i = 0; i < connections * issues_each; ++i) {
    requests[i % connections].push_back(issue_request(phone_number(static_cast<int>(i))));
  }

  const auto answers = ask_together(server->port(), requests);

  const auto issued = std::ranges::count(answers, 201, &http_answer::status);
  ASSERT_EQ(issued, static_cast<std::ptrdiff_t>(connections * issues_each));
  server->signal(SIGTERM);
  ASSERT_EQ(server->end_within(30s), 0);
  const long syncs = counted_syncs();
  std::cout << syncs << " syncs for " << issued << " issues" << std::endl;
  EXPECT_GT(syncs, 0);
  EXPECT_LT(syncs * 10, issued);
}

// What the server has acknowledged of one verification.
struct acknowledged {
  std::string id;
  std::string code;
  bool approved = false;
};

class KillAtSync : public Syncs {
 protected:
  // Issues and approves until the server is gone.
  std::vector<acknowledged> work_until_killed(int first_number) const {
    std::vector<acknowledged> out;
    http_connection connection(server->port());
    for (int i = 0; i < most_flows && connection.is_open(); ++i) {
      const std::string to = phone_number(first_number + i);
      const http_answer made = connection.exchange(issue_request(to));
      if (made.status != 201) break;
      out.push_back({made.text("id"), sink.code_for(to).value_or("")});
      const http_answer verdict = connection.exchange(check_request(out.back().id, out.back().code));
      out.back().approved = verdict.says_right();
      if (verdict.came != http_answer::how::whole) break;
    }
    return out;
  }

  void work(int round) {
    std::vector<std::vector<acknowledged>> all(workers);
    {
      std::vector<std::jthread> threads;
      for (int i = 0; i < workers; ++i) {
        auto& mine = all[static_cast<std::size_t>(i)];
        const int first_number = (round * workers + i) * most_flows;
        threads.emplace_back([this, &mine, first_number] { mine = work_until_killed(first_number); });
      }
    }
    for (const auto& each : all)
      kept.insert(kept.end(), each.begin(), each.end());
  }

  // From `begin` on; false if the server was killed meanwhile.
  bool expect_kept(std::size_t begin) const {
    http_connection connection(server->port());
    for (std::size_t i = begin; i < kept.size() && connection.is_open(); ++i) {
      const http_answer seen = connection.exchange(read_request(kept[i].id));
      if (seen.came != http_answer::how::whole) return false;
      EXPECT_EQ(seen.status, 200) << seen.body;
      if (!kept[i].approved) continue;
      EXPECT_EQ(seen.text("status"), "approved");
      EXPECT_EQ(connection.exchange(check_request(kept[i].id, kept[i].code)).status, 409);
    }
    return connection.is_open();
  }

  std::vector<acknowledged> kept;
};

TEST_F(KillAtSync, LosesNothingAcknowledged) {
  int served = 0;
  std::size_t unseen = 0;  // from here on nothing has been looked at after a restart
  for (int round = 1; round <= last_sync && !HasFailure(); ++round) {
    SCOPED_TRACE("killed at sync " + std::to_string(round));
    // Each thread counts by itself. Without --seccomp-bpf: strace 6.1 injects nothing then.
    const std::string rule = "inject=fdatasync:signal=SIGKILL:when=" + std::to_string(round);
    start_under_strace({"-e", "trace=fdatasync", "-e", rule});
    if (server->serves()) {
      ++served;
      if (expect_kept(unseen)) unseen = kept.size();
      work(round);
    }
    ASSERT_EQ(server->end_within(5s), -SIGKILL) << "it was not killed";
  }
  server = std::make_unique<otpd_process>(directory.path(), settings());
  ASSERT_TRUE(server->serves()) << server->log();
  EXPECT_TRUE(expect_kept(0));
  EXPECT_EQ(metric(server->admin_port(), "otpd_recovery_epoch"), 0);
  EXPECT_GT(served, last_sync / 2) << "hardly any kill met a serving process";
  std::cout << last_sync << " kills, " << served << " of them while serving; " << kept.size()
            << " acknowledged issues, " << std::ranges::count(kept, true, &acknowledged::approved)
            << " of them approved" << std::endl;
}

}  // namespace
}  // namespace otpd::test
