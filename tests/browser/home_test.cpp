// System s4's page in a real browser: scripts drive Chromium against the real otpd.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "system/command.hpp"
#include "system/otpd_process.hpp"
#include "system/scratch_directory.hpp"

namespace otpd::test {
namespace {

namespace fs = std::filesystem;

class Browser : public testing::Test {
 protected:
  void SetUp() override {
    playwright = node_module("playwright-core");
    if (playwright.empty()) GTEST_SKIP() << "scripts/node has not been run";
    chromium = find_program("chromium");
    if (chromium.empty()) GTEST_SKIP() << "Debian's chromium is absent";
    const char* kept = std::getenv("OTPD_SCREENSHOTS");
    ASSERT_NE(kept, nullptr);
    screenshots = kept;
  }

  // Runs a script of this folder against an otpd of its own. `more`: its further arguments.
  void browse(const std::string& script, const std::vector<std::string>& more = {}) {
    const scratch_directory place;
    configuration settings;
    settings.delivery = inbox_delivery;
    otpd_process otpd(place.path(), settings);
    ASSERT_TRUE(otpd.serves()) << otpd.log();
    std::vector<std::string> command = {"node",
                                        test_source("browser/" + script),
                                        playwright,
                                        chromium.string(),
                                        url_of(otpd.port()) + "/home/",
                                        url_of(otpd.admin_port()) + "/inbox.json",
                                        screenshots.string()};
    command.insert(command.end(), more.begin(), more.end());
    const auto [end, said] = run(command);
    EXPECT_EQ(end, 0) << said;
  }

  std::string playwright;
  fs::path chromium;
  fs::path screenshots;
};

TEST_F(Browser, RegistersAndLogsIn) {
  fs::remove_all(screenshots);
  fs::create_directories(screenshots);
  browse("home.mjs");
  for (const char* each : {"light-1-address", "light-2-wrong-code", "light-3-profile", "light-4-too-many",
                           "light-5-no-scripts", "dark-1-address", "dark-2-code", "dark-3-profile"}) {
    const fs::path picture = screenshots / ("home-" + std::string(each) + ".png");
    ASSERT_TRUE(fs::exists(picture)) << picture;
    EXPECT_GT(fs::file_size(picture), 5'000U) << picture;
  }
}

TEST_F(Browser, GivesOthersNothing) {
  const fs::path naughty = fs::path(test_source("../../shared/data/blns.json"));
  std::vector<std::string> more;
  if (fs::exists(naughty)) more.push_back(naughty.string());
  browse("hostile.mjs", more);
}

}  // namespace
}  // namespace otpd::test
