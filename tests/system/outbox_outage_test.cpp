// RELIABILITY S4: a message waits for its provider while its code lives, and no longer.

#include <iostream>
#include <optional>
#include <thread>

#include "system/outbox_world.hpp"

namespace otpd::test {
namespace {

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

}  // namespace
}  // namespace otpd::test
