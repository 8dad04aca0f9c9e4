// System s1's own code, under Django and Django REST Framework, beside the real otpd: compare.py asks both.

#include <gtest/gtest.h>

#include <filesystem>

#include "system/command.hpp"
#include "system/otpd_process.hpp"
#include "system/scratch_directory.hpp"

namespace otpd::test {
namespace {

const std::string document = test_source("../../shared/seeds/001_2309f4348487778b.txt");
constexpr const char* python = "/usr/bin/python3";  // Debian's, for its Django

// Its limits are documented, not compared.
constexpr const char* unlimited = R"(
[profiles.s1]
sends = "1000000/1s"
failures = "1000000/1s"
)";

TEST(S1, AnswersAsItsOwnCodeDoes) {
  if (!std::filesystem::exists(document)) GTEST_SKIP() << "../shared/seeds is absent";
  if (run({python, "-c", "import django, rest_framework"}).first != 0)
    GTEST_SKIP() << "Debian's python3-django and python3-djangorestframework are absent";
  const scratch_directory place;
  configuration settings;
  settings.delivery = inbox_delivery;
  settings.tables = unlimited;
  otpd_process otpd(place.path(), settings);
  ASSERT_TRUE(otpd.serves()) << otpd.log();
  const auto [end, said] =
      run({python, "-B", test_source("dialects/django/compare.py"), document,
           (place.path() / "seed").string(), std::to_string(otpd.port()),
           url_of(otpd.admin_port()) + "/inbox.json", test_source("../docs/migrating.md")});
  EXPECT_EQ(end, 0) << said;
  std::fputs(said.c_str(), stdout);
}

}  // namespace
}  // namespace otpd::test
