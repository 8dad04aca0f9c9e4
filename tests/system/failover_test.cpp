// RELIABILITY S1 to S3 as issue 3 puts them in numbers: of two gateways the first one goes dark under 200
// issues a second.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "system/http_connection.hpp"
#include "system/otpd_process.hpp"
#include "system/outage.hpp"
#include "system/provider_log.hpp"
#include "system/scratch_directory.hpp"
#include "system/sms_sink.hpp"
#include "system/steady_load.hpp"

namespace otpd::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using time_point = steady_clock::time_point;
using seconds = outage::seconds;

constexpr int rate = 200;
constexpr double duplicates_share = 0.02, duplicates_burst = 256;  // sms/duplicate_budget.hpp
constexpr double retry_share = 0.1, retry_burst = 52;              // sms/retry_budget.hpp; and one a second

enum class darkness { takes_and_is_silent, takes_no_connection };

std::string gateway_table(const std::string& name, std::uint16_t port) {
  return "[providers." + name + "]\ntype = \"http\"\nurl = \"http://127.0.0.1:" + std::to_string(port) +
         "/send\"\nbody = '{\"to\":\"{to}\",\"code\":\"{code}\"}'\ntimeout = \"1s\"\n"
         "connect_timeout = \"500ms\"\n";
}

// False after 30 s.
template <class Condition>
bool comes_true(Condition condition) {
  const auto deadline = steady_clock::now() + 30s;
  while (!condition()) {
    if (steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(2ms);  // one step of a wait that has a deadline
  }
  return true;
}

void pass(time_point until) {
  EXPECT_TRUE(comes_true([&] { return steady_clock::now() >= until; }));
}

double seconds_between(time_point from, time_point until) {
  return seconds(until - from).count();
}

class Failover : public testing::Test {
 protected:
  void start(const std::string& mode) {
    configuration settings;
    settings.delivery = gateway_table("first", first.port()) + gateway_table("second", second.port()) +
                        "[delivery]\nsms = [\"first\", \"second\"]\nmode = \"" + mode + "\"\n";
    server = std::make_unique<otpd_process>(directory.path(), settings);
    ASSERT_TRUE(server->serves()) << server->log();
  }
  [[nodiscard]] double value(const std::string& name) const { return metric(server->admin_port(), name); }
  [[nodiscard]] double breaker_state() const { return value("otpd_breaker_state{provider=\"first\"}"); }

  // The second opening's wait is 8 to 12 s. The gateway heals as soon as that has 8 s or less to go: as late
  // within 10 s after it as can be asked for, whatever the jitter was.
  static time_point moment_to_heal(const provider_log::line& opening) {
    return opening.at + std::max<steady_clock::duration>(0s, opening.wait - 8s);
  }

  // Once otpd is done with each of the messages.
  [[nodiscard]] std::size_t count_sent(const std::vector<steady_load::issue>& issues) const {
    http_connection connection(server->port());
    std::size_t out = 0;
    for (const steady_load::issue& each : issues) {
      std::string delivery;
      const bool is_done = comes_true([&] {
        delivery = connection.exchange(read_request(each.id)).text("delivery");
        return delivery != "queued" && delivery != "sending";
      });
      EXPECT_TRUE(is_done) << "a message is still " << delivery;
      out += delivery == "sent" ? 1 : 0;
    }
    return out;
  }

  void suffer(darkness how, outage& seen) {
    provider_log log(server->log_file());
    steady_load load(server->port(), rate);
    pass(steady_clock::now() + 3s);
    EXPECT_EQ(second.received(), 0U);
    EXPECT_EQ(breaker_state(), 0);
    seen.dark = steady_clock::now();
    how == darkness::takes_no_connection ? first.shut() : first.hang();
    const bool twice = comes_true([&] { return log.breaker("first", "open").size() == 2; });
    if (twice) pass(moment_to_heal(log.breaker("first", "open")[1]));
    EXPECT_EQ(breaker_state(), 2);
    seen.healed = steady_clock::now();
    first.heal();
    EXPECT_TRUE(twice && comes_true([&] { return !log.breaker("first", "closed").empty(); }));
    pass(steady_clock::now() + 3s);
    seen.load = load.finish();
    seen.sent = count_sent(seen.load.issues);
    EXPECT_EQ(breaker_state(), 0);
    seen.first = first.calls();
    seen.second = second.calls();
    seen.log = log.lines();
  }

  void judge(const outage& seen, const std::string& mode) const;
  void judge_breaker(const outage& seen) const;
  void judge_messages(const outage& seen) const;

  scratch_directory directory;
  sms_sink first;
  sms_sink second;
  std::unique_ptr<otpd_process> server;
};

void Failover::judge_breaker(const outage& seen) const {
  const auto opened = seen.breaker("open");
  const auto closed = seen.breaker("closed");
  ASSERT_EQ(opened.size(), 2U) << server->log();
  ASSERT_EQ(closed.size(), 1U) << server->log();
  const std::size_t failures = seen.failures_before_opening();
  std::printf("breaker: opened %.3f s after the outage began, after %zu failures (%s)\n",
              seconds_between(seen.dark, opened[0].at), failures, opened[0].why.c_str());
  EXPECT_GE(failures, 1U);
  // A line is written before the breaker hears of its failure: each other event loop may be one ahead.
  EXPECT_LE(failures, 5U + std::max(std::thread::hardware_concurrency(), 1U) - 1);

  const time_point over = outage::first_answered(seen.second, opened[0].at);
  std::printf("second: first message %.3f s, first after the opening %+.3f s from it\n",
              seconds_between(opened[0].at, outage::first_answered(seen.second, {})),
              seconds_between(opened[0].at, over));
  EXPECT_LE(over, opened[0].at + 1s);

  const time_point ends[] = {opened[1].at, closed[0].at};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t on_the_wire = seen.on_the_wire_at(opened[i].at);
    const std::size_t calls = seen.calls_between(opened[i].at, ends[i]) - on_the_wire;
    std::printf("wait period %zu (%.1f s): %zu calls to the first began, %zu were on the wire\n", i + 1,
                seconds(opened[i].wait).count(), calls, on_the_wire);
    EXPECT_LE(calls, 3U);
    EXPECT_GE(calls, 1U);
  }

  const time_point back = outage::first_answered(seen.first, seen.healed);
  std::printf("healed %.3f s after the outage began: first message after %.3f s, closed after %.3f s\n",
              seconds_between(seen.dark, seen.healed), seconds_between(seen.healed, back),
              seconds_between(seen.healed, closed[0].at));
  EXPECT_LE(back, seen.healed + 10s);
  EXPECT_LE(closed[0].at, seen.healed + 10s);
  EXPECT_EQ(outage::first_answered(seen.second, closed[0].at + 1s), time_point::max());
}

void Failover::judge_messages(const outage& seen) const {
  const auto& issues = seen.load.issues;
  const auto refused = std::ranges::count_if(issues, [](const auto& each) { return each.status != 201; });
  const auto ways = seen.ways();
  const auto in_time = std::ranges::count_if(ways, [](seconds each) { return each <= 5s; });
  const double total = static_cast<double>(issues.size());
  const auto share = [&](double part) { return ways[static_cast<std::size_t>(part * (total - 1))].count(); };
  std::printf("issues: %zu over %zu connections, at most %lld ms late, %td not answered with 201\n",
              issues.size(), seen.load.connections, static_cast<long long>(seen.load.latest.count()),
              refused);
  std::printf(
      "messages: %zu sent by otpd's word, %.3f %% within 5 s; p50 %.4f s, p99 %.3f s, p99.9 %.3f s, slowest "
      "%.3f s\n",
      seen.sent, 100 * static_cast<double>(in_time) / total, share(0.5), share(0.99), share(0.999), share(1));
  EXPECT_GT(issues.size(), 15U * rate);
  EXPECT_LE(static_cast<double>(refused), 0.001 * total);
  EXPECT_GE(static_cast<double>(in_time), 0.999 * total);
  EXPECT_GE(static_cast<double>(seen.sent), 0.999 * total);

  const double counted = value("otpd_possible_duplicates_total");
  std::printf("at both gateways: %zu, counted as possible duplicates: %.0f, different codes: %zu\n",
              seen.doubles(), counted, seen.changed_codes());
  EXPECT_GE(counted, static_cast<double>(seen.doubles()));
  EXPECT_LE(counted, duplicates_share * total + duplicates_burst);
  EXPECT_EQ(seen.changed_codes(), 0U);

  const double lasted = seconds_between(seen.dark, steady_clock::now());
  for (const auto* gateway : {&seen.first, &seen.second}) {
    const std::size_t retries = outage::repeats(*gateway);
    std::printf("%s: %zu messages, %zu of them again\n", gateway == &seen.first ? "first" : "second",
                gateway->size(), retries);
    EXPECT_LE(static_cast<double>(retries), retry_share * total + lasted + retry_burst);
  }
}

void Failover::judge(const outage& seen, const std::string& mode) const {
  std::printf("mode %s, %d issues/s\n", mode.c_str(), rate);
  judge_breaker(seen);
  judge_messages(seen);
  std::fflush(stdout);
}

TEST_F(Failover, WaitModeLeavesAGatewayThatTakesAndIsSilent) {
  ASSERT_NO_FATAL_FAILURE(start("wait"));
  outage seen;
  suffer(darkness::takes_and_is_silent, seen);
  judge(seen, "wait");
}

TEST_F(Failover, QueueModeLeavesAGatewayThatTakesNoConnection) {
  ASSERT_NO_FATAL_FAILURE(start("queue"));
  outage seen;
  suffer(darkness::takes_no_connection, seen);
  judge(seen, "queue");
}

}  // namespace
}  // namespace otpd::test
