#include "net/task_group.hpp"

#include <gtest/gtest.h>

#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "net/event_loop.hpp"

namespace otpd::net {
namespace {

using namespace std::chrono_literals;

task<void> wait_for(loop_executor executor, const std::atomic<bool>& go) {
  while (!go)
    co_await boost::asio::post(executor, boost::asio::deferred);
}

task<void> fail() {
  throw std::runtime_error("failed");
  co_return;
}

TEST(TaskGroup, CountsAndWaits) {
  event_loop loop(0);
  task_group group(loop.executor(), {});
  std::atomic<bool> go{false};
  for (int i = 0; i < 10; ++i)
    group.spawn(wait_for(loop.executor(), go));
  EXPECT_EQ(group.size(), 10U);
  loop.start();
  EXPECT_FALSE(group.wait_until_empty(std::chrono::steady_clock::now()));
  go = true;
  EXPECT_TRUE(group.wait_until_empty(std::chrono::steady_clock::now() + 20s));
  EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, ReportsWhatEscapes) {
  event_loop loop(0);
  std::vector<std::string> reports;
  task_group group(loop.executor(), [&](std::string_view text) { reports.emplace_back(text); });
  group.spawn(fail());
  loop.start();
  EXPECT_TRUE(group.wait_until_empty(std::chrono::steady_clock::now() + 20s));
  EXPECT_EQ(reports, std::vector<std::string>{"failed"});
}

}  // namespace
}  // namespace otpd::net
