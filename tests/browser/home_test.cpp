// System s4's page in a real browser: home.mjs drives Chromium against the real otpd.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "dialects/command.hpp"
#include "system/otpd_process.hpp"
#include "system/scratch_directory.hpp"

namespace otpd::test {
namespace {

namespace fs = std::filesystem;

TEST(Browser, RegistersAndLogsIn) {
  const std::string playwright = node_module("playwright-core");
  if (playwright.empty()) GTEST_SKIP() << "scripts/node has not been run";
  const fs::path chromium = find_program("chromium");
  if (chromium.empty()) GTEST_SKIP() << "Debian's chromium is absent";
  const char* kept = std::getenv("OTPD_SCREENSHOTS");
  ASSERT_NE(kept, nullptr);
  const fs::path screenshots = kept;
  fs::remove_all(screenshots);
  fs::create_directories(screenshots);
  const scratch_directory place;
  configuration settings;
  settings.delivery = inbox_delivery;
  otpd_process otpd(place.path(), settings);
  ASSERT_TRUE(otpd.serves()) << otpd.log();
  const auto [end, said] =
      run({"node", test_source("browser/home.mjs"), playwright, chromium.string(),
           url_of(otpd.port()) + "/home/", url_of(otpd.admin_port()) + "/inbox.json", screenshots.string()});
  EXPECT_EQ(end, 0) << said;
  std::size_t pictures = 0;
  for (const auto& each : fs::directory_iterator(screenshots)) {
    EXPECT_GT(each.file_size(), 5'000U) << each.path();
    ++pictures;
  }
  EXPECT_EQ(pictures, 7U);
}

}  // namespace
}  // namespace otpd::test
