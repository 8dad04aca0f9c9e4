#pragma once

// What the tests of the outbox share: a server in queue mode with its gateway, and what may never be seen.

#include <gtest/gtest.h>

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "system/issue_load.hpp"
#include "system/moody_gateway.hpp"
#include "system/otpd_process.hpp"
#include "system/scratch_directory.hpp"
#include "system/seed.hpp"

namespace otpd::test {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

inline constexpr auto lifetime = 30s;  // the least that a profile may have
inline constexpr auto patience = 30s;

inline bool is_end(const std::string& state) {
  return state == "sent" || state == "failed" || state == "unknown";
}

// What the gateway has seen, by recipient. Every recipient is issued to once.
using requests_by_number = std::map<std::string, std::vector<sms_request>>;

inline requests_by_number sorted(const moody_gateway& gateway) {
  requests_by_number out;
  for (sms_request& each : gateway.requests())
    out[each.to].push_back(std::move(each));
  return out;
}

// "No attempt is sent twice" means here, for what the gateway has seen under one reference, which names one
// send of one verification:
//   - all of its requests come from one process: what a process had begun when it was killed is not begun
//     again by a later one (a send that is put back has been asked of nobody);
//   - within that process a request follows another only if that one was certainly not taken (`busy`);
//   - there are two at most, since there is one provider.
inline void expect_no_attempt_twice(const requests_by_number& all) {
  for (const auto& [to, requests] : all) {
    EXPECT_LE(requests.size(), 2U);
    for (std::size_t i = 1; i < requests.size(); ++i) {
      EXPECT_EQ(requests[i].reference, requests[0].reference);
      EXPECT_EQ(requests[i].process, requests[0].process) << "sent again by a later process";
      EXPECT_EQ(requests[i - 1].reply, reply::busy) << "sent again although it may have been taken";
    }
  }
}

// Nothing was sent after the expiry of its code.
inline void expect_in_time(const acknowledged& promise, const std::vector<sms_request>& requests) {
  for (const sms_request& each : requests) {
    EXPECT_LE(each.at, promise.at + lifetime);
    EXPECT_LT(each.at_wall, promise.expires + 1s);
  }
}

// One otpd in queue mode at a time, on one store, and its gateway.
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

}  // namespace otpd::test
