// The Postman collection of system s2, run by newman against the real otpd.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "system/command.hpp"
#include "system/otpd_process.hpp"
#include "system/scratch_directory.hpp"

namespace otpd::test {
namespace {

TEST(Newman, PassesTheCollection) {
  const std::string newman = node_module("newman/bin/newman.js");
  if (newman.empty()) GTEST_SKIP() << "scripts/node has not been run";
  const scratch_directory place;
  configuration settings;
  settings.delivery = inbox_delivery;
  otpd_process otpd(place.path(), settings);
  ASSERT_TRUE(otpd.serves()) << otpd.log();
  const std::string report = (place.path() / "report.json").string();
  const auto [end, said] =
      run({"node", newman, "run", test_source("../docs/otpd.postman_collection.json"), "--color", "off",
           "--timeout-request", "20000", "--reporters", "cli,json", "--reporter-json-export", report,
           "--env-var", "baseUrl=" + url_of(otpd.port()), "--env-var",
           "inboxUrl=" + url_of(otpd.admin_port()) + "/inbox.json"});
  EXPECT_EQ(end, 0) << said;
  const auto stats = boost::json::parse(read_whole(report)).at("run").at("stats");
  EXPECT_EQ(stats.at("items").at("total").as_int64(), 14);
  EXPECT_EQ(stats.at("assertions").at("total").as_int64(), 19);
  EXPECT_EQ(stats.at("assertions").at("failed").as_int64(), 0);
}

}  // namespace
}  // namespace otpd::test
