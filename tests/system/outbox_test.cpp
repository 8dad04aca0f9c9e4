// RELIABILITY S4: what is acknowledged in queue mode is sent once or said not to have been, whatever happens
// to the process.
//
// "No attempt is sent twice" means here, for what the gateway has seen under one reference, which names one
// send of one verification:
//   - all of its requests come from one process: what a process had begun when it was killed is not begun
//     again by a later one (a send that is put back has been asked of nobody);
//   - within that process a request follows another only if that one was certainly not taken (`busy`);
//   - there are two at most, since there is one provider.

#include <gtest/gtest.h>

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <iostream>
#include <map>
#include <memory>
#include <thread>

#include "system/issue_load.hpp"
#include "system/moody_gateway.hpp"
#include "system/otpd_process.hpp"
#include "system/scale.hpp"
#include "system/scratch_directory.hpp"
#include "system/seed.hpp"

namespace otpd::test {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto lifetime = 30s;  // the least that a profile may have
constexpr auto bound = 5s;      // from a restart to the end of every send
constexpr auto patience = 30s;
constexpr int kills = scaled(200, 20);
constexpr int longest_life_ms = scaled(250, 1000);
constexpr int most_issued = 250;  // before a kill that a client triggers
constexpr gateway_mood moody{
    .busy = 40, .refused = 20, .broken = 25, .reset = 20, .silent = 3, .slowest = 30ms};
constexpr gateway_mood hanging{.silent = 1000};

bool is_end(const std::string& state) {
  return state == "sent" || state == "failed" || state == "unknown";
}

// What the gateway has seen, by recipient. Every recipient is issued to once.
using requests_by_number = std::map<std::string, std::vector<sms_request>>;

requests_by_number sorted(const moody_gateway& gateway) {
  requests_by_number out;
  for (sms_request& each : gateway.requests())
    out[each.to].push_back(std::move(each));
  return out;
}

void expect_no_attempt_twice(const requests_by_number& all) {
  for (const auto& [to, requests] : all) {
    EXPECT_LE(requests.size(), 2U);
    for (std::size_t i = 1; i < requests.size(); ++i) {
      EXPECT_EQ(requests[i].reference, requests[0].reference);
      EXPECT_EQ(requests[i].process, requests[0].process) << "sent again by a later process";
      EXPECT_EQ(requests[i - 1].reply, reply::busy) << "sent again although it may have been taken";
    }
  }
}

// What a verification says of its message agrees with what the gateway has seen of it.
void expect_truth(const std::string& state, const std::vector<sms_request>& requests) {
  const auto certainly_not_taken = [](const sms_request& each) {
    return each.reply == reply::busy || each.reply == reply::refused;
  };
  if (state == "sent") {
    ASSERT_FALSE(requests.empty());
    EXPECT_EQ(requests.back().reply, reply::accepted);
  }
  if (state == "failed") {
    EXPECT_TRUE(std::ranges::all_of(requests, certainly_not_taken));
  }
}

void expect_in_time(const acknowledged& promise, const std::vector<sms_request>& requests) {
  for (const sms_request& each : requests) {
    EXPECT_LE(each.at, promise.at + lifetime);
    EXPECT_LT(each.at_wall, promise.expires + 1s);
  }
}

class Outbox : public testing::Test {
 protected:
  void start(const std::string& timeout = "2s") {
    configuration settings;
    settings.lifetime = "30s";
    settings.delivery = gateway.tables(process, timeout);
    launched = steady::now();
    server = std::make_unique<otpd_process>(directory.path(), settings);
    ASSERT_TRUE(server->serves()) << server->log();
  }
  void start_next(const std::string& timeout = "2s") {
    ++process;
    start(timeout);
  }
  [[nodiscard]] issue_load::plan load(int clients, std::chrono::milliseconds pace) const {
    issue_load::plan out;
    out.port = server->port();
    out.clients = clients;
    out.pace = pace;
    return out;
  }

  // False after the time.
  template <class Condition>
  static bool comes_true(Condition condition, std::chrono::seconds within = patience) {
    const auto deadline = steady::now() + within;
    while (!condition()) {
      if (steady::now() > deadline) return false;
      ::poll(nullptr, 0, 1);
    }
    return true;
  }

  [[nodiscard]] std::vector<std::string> states(const std::vector<acknowledged>& of) const {
    std::vector<std::string> ids;
    for (const acknowledged& each : of)
      ids.push_back(each.id);
    return deliveries(server->port(), ids);
  }
  [[nodiscard]] bool all_have_ended(const std::vector<acknowledged>& of) const {
    return std::ranges::all_of(states(of), is_end);
  }

  scratch_directory directory;
  std::mt19937_64 random = seeded_generator();
  moody_gateway gateway{gateway_mood{}, random()};
  std::unique_ptr<otpd_process> server;
  steady::time_point launched;
  int process = 0;
  std::atomic<int> next_number{0};
};

// ---- kill -9
// --------------------------------------------------------------------------------------------------------------

class OutboxCrash : public Outbox {
 protected:
  // An acknowledged issue whose send has not been seen to end after a restart.
  struct open_promise {
    acknowledged what;
    steady::time_point restarted;  // the launch of the process after the one that acknowledged it
  };

  // Looks after what earlier processes have promised, until the time is over or this process ends.
  void look_after(steady::time_point until) {
    while (!open.empty() && steady::now() < until && server_lives())
      look_once();
  }
  void look_once() {
    std::vector<acknowledged> asked;
    for (const open_promise& each : open)
      asked.push_back(each.what);
    const auto seen = states(asked);
    const auto now = steady::now();
    std::vector<open_promise> still;
    for (std::size_t i = 0; i < open.size(); ++i) {
      const auto took = now - open[i].restarted;
      if (is_end(seen[i])) {
        slowest = std::max(slowest, std::chrono::duration_cast<std::chrono::milliseconds>(took));
        continue;
      }
      const bool is_no_answer = seen[i].empty();  // this process has ended
      EXPECT_TRUE(is_no_answer || seen[i] == "queued" || seen[i] == "sending") << seen[i];
      EXPECT_LE(took, bound) << "still " << seen[i];
      if (took <= bound) still.push_back(std::move(open[i]));
    }
    open = std::move(still);
  }
  [[nodiscard]] bool server_lives() const { return !server->end_within(0ms); }

  // Every other process is killed at a random moment, the others as a random answer has just been read.
  void live_and_be_killed(bool by_a_client) {
    issue_load::plan how = load(6, 3ms);
    const int life = std::uniform_int_distribution<int>(1, longest_life_ms)(random);
    if (by_a_client) {
      how.call_at = std::uniform_int_distribution<int>(1, most_issued)(random);
      how.call = [victim = server->pid()] { ::kill(victim, SIGKILL); };
    }
    issue_load clients(how, next_number);
    const auto end = steady::now() + (by_a_client ? patience : std::chrono::milliseconds(life));
    look_after(end);
    if (by_a_client) {
      EXPECT_TRUE(server->end_within(patience)) << "the load has stopped";
    } else {
      std::this_thread::sleep_until(end);  // the random moment itself
    }
    server->kill();
    promises.push_back(clients.finish());
  }

  std::vector<open_promise> open;
  std::deque<std::vector<acknowledged>> promises;  // by process
  std::chrono::milliseconds slowest{0};
};

TEST_F(OutboxCrash, EndsEverySendWithinFiveSecondsAndSendsNothingTwice) {
  gateway.open();
  gateway.change(moody);
  start();
  for (int kill = 0; kill < kills && !HasFailure(); ++kill) {
    SCOPED_TRACE("kill " + std::to_string(kill));
    live_and_be_killed(kill % 2 == 1);
    start_next();
    for (const acknowledged& each : promises.back())
      open.push_back({each, launched});
  }
  look_after(steady::now() + bound + 1s);
  EXPECT_TRUE(open.empty());
  EXPECT_TRUE(comes_true([this] { return metric(server->admin_port(), "otpd_outbox") == 0; }, bound));

  const auto all = sorted(gateway);
  expect_no_attempt_twice(all);
  std::map<std::string, int> ends;
  int sent_by_a_later_one = 0;
  for (std::size_t by = 0; by < promises.size() && !HasFailure(); ++by) {
    const auto seen = states(promises[by]);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const auto found = all.find(promises[by][i].to);
      const auto requests = found == all.end() ? std::vector<sms_request>() : found->second;
      EXPECT_TRUE(is_end(seen[i])) << seen[i];
      expect_truth(seen[i], requests);
      expect_in_time(promises[by][i], requests);
      ++ends[seen[i]];
      sent_by_a_later_one += !requests.empty() && requests[0].process > static_cast<int>(by) ? 1 : 0;
    }
  }
  for (const char* each : {"sent", "failed", "unknown"})
    EXPECT_GT(ends[each], 0) << each;
  EXPECT_GT(sent_by_a_later_one, 0);
  std::cout << kills << " kills: " << ends["sent"] << " sent, " << ends["failed"] << " failed, "
            << ends["unknown"] << " unknown, " << sent_by_a_later_one
            << " of them sent by a later process; the last end was seen " << slowest.count()
            << " ms after a restart" << std::endl;
}

// ---- expiry
// ---------------------------------------------------------------------------------------------------------------

class OutboxExpiry : public Outbox {
 public:
  using Outbox::comes_true;
  void TestBody() override {}
  void open() {
    start();
    clients.emplace(load(1, 25ms), next_number);
  }
  void stop_issuing() {
    clients->stop();
    std::ranges::move(clients->finish(), std::back_inserter(promises));
    clients.reset();
  }
  // What its process could not send meanwhile goes to the next one, and its gateway is alive.
  void restart_healed() {
    server->kill();
    stop_issuing();
    gateway.open();
    start_next();
    clients.emplace(load(1, 25ms), next_number);
  }
  void heal() { gateway.open(); }
  [[nodiscard]] bool has_sent() const { return gateway.received() > 0; }

  // Everything that the gateway got came in time, and the rest is said not to have been sent.
  void inspect() {
    EXPECT_TRUE(comes_true([this] { return all_have_ended(promises); }));
    const auto all = sorted(gateway);
    expect_no_attempt_twice(all);
    const auto seen = states(promises);
    std::map<std::string, int> ends_without_a_request;
    int sent = 0;
    for (std::size_t i = 0; i < promises.size(); ++i) {
      const auto found = all.find(promises[i].to);
      if (found == all.end()) {
        ++ends_without_a_request[seen[i]];
        continue;
      }
      expect_in_time(promises[i], found->second);
      EXPECT_EQ(seen[i], "sent");
      ++sent;
    }
    const int failed = ends_without_a_request["failed"];
    const int unknown = ends_without_a_request["unknown"];
    EXPECT_GT(sent, 20);
    EXPECT_GT(failed, 20);
    if (process == 0) {
      EXPECT_EQ(unknown, 0);
    }
    EXPECT_LT(unknown, 5) << "all that a killed process can have had under way, since its breaker was open";
    EXPECT_EQ(ends_without_a_request.size(), 2U);
    std::cout << sent << " sent, " << failed << " failed, " << unknown << " unknown" << std::endl;
  }

 private:
  std::optional<issue_load> clients;
  std::vector<acknowledged> promises;
};

// The gateway is dead for longer than a code lives, and comes back while new codes wait behind the old ones:
// once under a running process, whose breaker has to notice, and once with a restart. Two servers, so that
// one wait is enough.
TEST(OutboxOutage, SendsNothingAfterItsExpiry) {
  OutboxExpiry running;
  OutboxExpiry restarted;
  running.open();
  restarted.open();
  std::this_thread::sleep_for(lifetime + 1s);  // the outage
  running.heal();
  restarted.restart_healed();
  EXPECT_TRUE(OutboxExpiry::comes_true([&] { return running.has_sent() && restarted.has_sent(); }, 100s));
  running.stop_issuing();
  restarted.stop_issuing();
  running.inspect();
  restarted.inspect();
}

// ---- SIGTERM
// --------------------------------------------------------------------------------------------------------------

TEST_F(Outbox, AStopEndsWhatIsUnderWayAndLeavesWhatWaitsToTheNextProcess) {
  constexpr int enough = scaled(1500, 800);  // more than can be under way
  gateway.open();
  gateway.change({.slowest = 200ms});
  start("20s");
  issue_load clients(load(16, 0ms), next_number);
  ASSERT_TRUE(comes_true([&] { return clients.count() >= enough; }));
  server->signal(SIGTERM);
  const auto promises = clients.finish();
  EXPECT_EQ(server->end_within(patience), 0) << server->log();
  EXPECT_NE(server->log().find("\"stopped\""), std::string::npos) << server->log();
  const std::size_t before = gateway.received();

  gateway.change({});
  start_next();
  EXPECT_TRUE(comes_true([&] { return all_have_ended(promises); }, bound));
  const auto all = sorted(gateway);
  expect_no_attempt_twice(all);
  for (const std::string& each : states(promises))
    EXPECT_EQ(each, "sent");
  for (const acknowledged& each : promises)
    EXPECT_TRUE(all.contains(each.to));
  EXPECT_GT(before, 0U);
  EXPECT_GT(gateway.received(), before) << "nothing had been left to the next process";
  std::cout << promises.size() << " acknowledged, " << before << " sent before the end and "
            << gateway.received() - before << " after the restart" << std::endl;
}

TEST_F(Outbox, ASecondSignalWaitsForNoProvider) {
  gateway.open();
  gateway.change(hanging);
  start("20s");
  issue_load clients(load(4, 0ms), next_number);
  ASSERT_TRUE(comes_true([&] { return gateway.received() >= 20; }));
  clients.stop();
  const auto promises = clients.finish();
  ASSERT_TRUE(comes_true([&] { return gateway.received() >= promises.size(); }));
  server->signal(SIGTERM);
  EXPECT_FALSE(server->end_within(500ms)) << "it did not wait for the provider";
  server->signal(SIGTERM);
  EXPECT_EQ(server->end_within(scaled(3, 20) * 1s), 0) << server->log();

  gateway.change({});
  start_next();
  for (const std::string& each : states(promises))
    EXPECT_EQ(each, "unknown");
  expect_no_attempt_twice(sorted(gateway));
}

}  // namespace
}  // namespace otpd::test
