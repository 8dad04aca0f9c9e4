// RELIABILITY S10: one process has a store, others say so and end; a killed one is in nobody's way. And the
// master key: only the right one, and only if nobody else can read it.

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>

#include "system/http_connection.hpp"
#include "system/otpd_process.hpp"
#include "system/recipients.hpp"
#include "system/scale.hpp"
#include "system/scratch_directory.hpp"

namespace otpd::test {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr int instances = 20;
constexpr auto soon = scaled(1, 10) * 1s;
constexpr int in_use = 73;
constexpr int not_ours = 78;

std::chrono::milliseconds since(steady::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - begin);
}

class Instances : public testing::Test {
 protected:
  std::unique_ptr<otpd_process> start() const {
    return std::make_unique<otpd_process>(directory.path(), configuration{});
  }

  // Serves and is stopped: the store exists then, and has its key.
  void make_store() {
    const auto first = start();
    ASSERT_TRUE(first->serves()) << first->log();
    first->signal(SIGTERM);
    ASSERT_EQ(first->end_within(30s), 0);
  }

  [[nodiscard]] std::filesystem::path key_file() const { return directory.path() / "data.key"; }
  void write_key(const std::string& text) const { std::ofstream(key_file(), std::ios::trunc) << text; }

  void expect_refused(const std::string& words) const {
    const auto refused = start();
    EXPECT_EQ(refused->end_within(10s), not_ours) << refused->log();
    EXPECT_NE(refused->log().find(words), std::string::npos) << refused->log();
    EXPECT_EQ(refused->log().find(key_text()), std::string::npos) << "the log has the key";
  }
  [[nodiscard]] std::string key_text() const { return read_whole(key_file()).substr(0, 64); }

  scratch_directory directory;
};

TEST_F(Instances, OfTwentyOneServes) {
  for (int round = 0; round < 5; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const scratch_directory fresh;  // the first start of all: the key is made, too
    std::vector<std::unique_ptr<otpd_process>> all;
    const auto begin = steady::now();
    for (int i = 0; i < instances; ++i)
      all.push_back(std::make_unique<otpd_process>(fresh.path(), configuration{}));

    const auto serves = [](const std::unique_ptr<otpd_process>& each) { return each->serves(); };
    const auto rest = std::ranges::partition(all, serves);
    const auto took = since(begin);

    ASSERT_EQ(std::ranges::distance(all.begin(), rest.begin()), 1);
    const std::string pid = "process " + std::to_string(all.front()->pid());
    for (const auto& loser : rest) {
      EXPECT_EQ(loser->end_within(0s), in_use) << loser->log();
      EXPECT_NE(loser->log().find(pid), std::string::npos) << loser->log();
    }
    std::cout << "all decided within " << took.count() << " ms" << std::endl;

    all.front()->kill();
    const auto again = steady::now();
    otpd_process next(fresh.path(), configuration{});
    EXPECT_TRUE(next.serves()) << next.log();
    EXPECT_LE(since(again), soon);
  }
}

TEST_F(Instances, SecondSaysWhoServesAndEnds) {
  const auto first = start();
  ASSERT_TRUE(first->serves()) << first->log();
  const auto second = start();
  EXPECT_EQ(second->end_within(soon), in_use) << second->log();
  EXPECT_NE(second->log().find("process " + std::to_string(first->pid())), std::string::npos)
      << second->log();
  EXPECT_EQ(ask(first->admin_port(), http_request("GET", "/readyz")).status, 200);
}

TEST_F(Instances, StartsAfterKill) {
  for (int round = 0; round < 10; ++round) {
    const auto killed = start();
    const auto begin = steady::now();
    ASSERT_TRUE(killed->serves()) << killed->log();
    EXPECT_LE(since(begin), soon);
    ASSERT_EQ(ask(killed->port(), issue_request(phone_number(round))).status, 201);
    killed->kill();
  }
}

TEST_F(Instances, RefusesAnotherMasterKey) {
  make_store();
  const std::string right = read_whole(key_file());
  write_key(std::string(64, 'a') + "\n");
  expect_refused("another master key");
  write_key(right);
  EXPECT_TRUE(start()->serves());
}

TEST_F(Instances, RefusesAKeyThatOthersCanRead) {
  make_store();
  struct stat status {};
  ASSERT_EQ(::stat(key_file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
  for (const mode_t mode : {0640, 0604, 0660, 0644, 0610}) {
    SCOPED_TRACE(mode);
    ASSERT_EQ(::chmod(key_file().c_str(), mode), 0);
    expect_refused("chmod 600");
  }
  ASSERT_EQ(::chmod(key_file().c_str(), 0400), 0);
  EXPECT_TRUE(start()->serves());
}

TEST_F(Instances, RefusesAKeyThatIsNone) {
  make_store();
  for (const std::string& text :
       {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g')}) {
    write_key(text);
    const auto refused = start();
    EXPECT_EQ(refused->end_within(10s), not_ours) << refused->log();
    EXPECT_NE(refused->log().find("64 hex digits"), std::string::npos) << refused->log();
  }
}

TEST_F(Instances, LeavesOthersNothingToRead) {
  make_store();
  for (const auto& each : std::filesystem::recursive_directory_iterator(directory.path())) {
    const std::string name = each.path().filename();
    if (name.starts_with("otpd.") && name != "otpd.lock") continue;  // the test's own
    struct stat status {};
    ASSERT_EQ(::stat(each.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 077u, 0u) << each.path();
  }
}

}  // namespace
}  // namespace otpd::test
