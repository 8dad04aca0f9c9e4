// RELIABILITY S4: what is acknowledged in queue mode is sent once or said not to have been, whatever happens
// to the process.

#include <csignal>
#include <deque>
#include <iostream>
#include <thread>

#include "system/outbox_world.hpp"
#include "system/scale.hpp"

namespace otpd::test {
namespace {

constexpr auto bound = 5s;  // from a restart to the end of every send
constexpr int kills = scaled(200, 20);
constexpr int longest_life_ms = scaled(250, 1000);
constexpr int most_issued = 250;  // before a kill that a client triggers
constexpr gateway_mood moody{
    .busy = 40, .refused = 20, .broken = 25, .reset = 20, .silent = 3, .slowest = 30ms};
constexpr gateway_mood hanging{.silent = 1000};

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

TEST_F(Outbox, AStopEndsWhatIsUnderWayAndLeavesWhatWaitsToTheNextProcess) {
  constexpr int enough = 200;  // waiting
  gateway.open();
  gateway.change({.slowest = 1500ms});
  start("20s");
  issue_load clients(load(16, 0ms), next_number);
  ASSERT_TRUE(comes_true([this] { return metric(server->admin_port(), "otpd_outbox") >= enough; }));
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
