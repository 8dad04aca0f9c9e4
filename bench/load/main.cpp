// otpd-bench: an end-to-end load generator. --help says how to use it.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <thread>

#include "numbers.hpp"
#include "phase.hpp"
#include "probe.hpp"
#include "report.hpp"
#include "sink.hpp"

namespace otpd::bench {
namespace {

// Numbers of one seed; the next seed's begin after them.
constexpr std::uint64_t numbers_of_seed = number_space / 64;
constexpr std::uint64_t default_check_items = 200'000;
constexpr double preparation_limit_s = 120;
// No server here makes more rounds a second than this: it bounds the places for messages.
constexpr double most_rounds_per_second = 200'000;

sink_figures figures_of(sink& gateway, const mailbox& inbox) {
  return {inbox.received(), inbox.repeated(), inbox.strangers(), gateway.unreadable(),
          gateway.cpu_ns() / 1000};
}

int tell(const options& how, const measurement& sum, const sink_figures& messages) {
  std::fputs(report(how, sum, messages).c_str(), stdout);
  return exit_status(sum.counts);
}

std::uint64_t limit_of(const options& how) {
  return how.requests > 0 ? how.requests : numbers_of_seed;
}

int run_http(const options& how) {
  const request_form form =
      how.like_check ? request_form::check(how.server, 6) : request_form::issue(how.server);
  const auto make = [&](const share& mine) { return make_post_plan(mine, form); };
  return tell(how, run_phase(how, limit_of(how), make), {});
}

int run_issue(const options& how) {
  const auto make = [&](const share& mine) { return make_issue_plan(mine, how.server, nullptr); };
  return tell(how, run_phase(how, limit_of(how), make), {});
}

int run_round(const options& how) {
  const double most = (how.warmup + how.seconds) * most_rounds_per_second;
  const std::uint64_t limit = std::min(limit_of(how), static_cast<std::uint64_t>(most));
  mailbox inbox(first_number(how.seed), limit);
  sink gateway(address_of(how.sink_host, how.sink_port), inbox);
  const auto make = [&](const share& mine) { return make_round_plan(mine, how.server, inbox); };
  const measurement sum = run_phase(how, limit, make);
  return tell(how, sum, figures_of(gateway, inbox));
}

// Waits for the messages of the issues that succeeded.
void await_messages(const options& how, const prepared& items, tally& counts) {
  const std::uint64_t issued = counts.statuses[201];
  const std::uint64_t until = now_ns() + static_cast<std::uint64_t>(how.timeout * 1e9);
  while (items.inbox.received() < issued && now_ns() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  counts.missing_messages += issued - std::min(issued, items.inbox.received());
}

int run_check(const options& how) {
  const std::uint64_t count = how.requests > 0 ? how.requests : default_check_items;
  prepared items(first_number(how.seed), count);
  sink gateway(address_of(how.sink_host, how.sink_port), items.inbox);
  options preparation = how;
  preparation.warmup = 0;
  preparation.seconds = preparation_limit_s;
  preparation.rate = 0;
  const auto make_issue = [&](const share& mine) { return make_issue_plan(mine, how.server, &items.ids); };
  measurement before = run_phase(preparation, count, make_issue);
  await_messages(how, items, before.counts);
  std::fprintf(stderr, "prepared %llu of %llu verifications in %.1f s (%.1f us of server CPU each)\n",
               static_cast<unsigned long long>(items.inbox.received()),
               static_cast<unsigned long long>(count), before.seconds,
               static_cast<double>(before.server_cpu_us) / static_cast<double>(count));
  if (const int status = exit_status(before.counts); status != 0) {
    std::fputs("the preparation failed:\n", stderr);
    std::fputs(report(preparation, before, figures_of(gateway, items.inbox)).c_str(), stderr);
    return status;
  }
  const auto make_check = [&](const share& mine) {
    return make_check_plan(mine, how.server, items, how.mix);
  };
  const measurement sum = run_phase(how, count, make_check);
  return tell(how, sum, figures_of(gateway, items.inbox));
}

int run(const options& how) {
  switch (how.what) {
    case scenario::http:
      return run_http(how);
    case scenario::issue:
      return run_issue(how);
    case scenario::check:
      return run_check(how);
    case scenario::round:
      return run_round(how);
    case scenario::idle:
      return weigh_idle_connections(how);
    case scenario::ready:
      return wait_until_ready(how);
  }
  return 3;
}

}  // namespace
}  // namespace otpd::bench

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  int status = 3;
  try {
    if (const auto how = otpd::bench::read_options(argc, argv, status)) status = otpd::bench::run(*how);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "otpd-bench: %s\n", error.what());
  }
  return status;
}
