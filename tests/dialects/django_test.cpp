// System s1's own code, under Django and Django REST Framework, beside the real otpd: compare.py asks both.

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "system/otpd_process.hpp"
#include "system/scratch_directory.hpp"

namespace otpd::test {
namespace {

const std::filesystem::path source = OTPD_SOURCE_DIR;
const std::filesystem::path document = source / "../shared/seeds/001_2309f4348487778b.txt";
constexpr const char* python = "/usr/bin/python3";  // Debian's, for its Django

constexpr const char* inbox = R"(
[providers.box]
type = "inbox"
[delivery]
sms = "box"
email = "box"
)";
// Its limits are documented, not compared.
constexpr const char* unlimited = R"(
[profiles.s1]
sends = "1000000/1s"
failures = "1000000/1s"
)";

// What a command said, and how it ended.
std::pair<int, std::string> run(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {-1, "cannot be run"};
  std::string out;
  for (char part[4096]; const std::size_t size = std::fread(part, 1, sizeof part, pipe);)
    out.append(part, size);
  return {::pclose(pipe), out};
}

TEST(S1, AnswersAsItsOwnCodeDoes) {
  if (!std::filesystem::exists(document)) GTEST_SKIP() << "../shared/seeds is absent";
  if (run(std::string(python) + " -c 'import django, rest_framework'").first != 0)
    GTEST_SKIP() << "Debian's python3-django and python3-djangorestframework are absent";
  const scratch_directory place;
  configuration settings;
  settings.delivery = inbox;
  settings.tables = unlimited;
  otpd_process otpd(place.path(), settings);
  ASSERT_TRUE(otpd.serves()) << otpd.log();
  const auto scripts = source / "tests/dialects/django";
  const auto [end, said] =
      run("timeout 120 " + std::string(python) + " -B " + (scripts / "compare.py").string() + " " +
          document.string() + " " + (place.path() / "seed").string() + " " + std::to_string(otpd.port()) +
          " http://127.0.0.1:" + std::to_string(otpd.admin_port()) + "/inbox.json " +
          (source / "docs/migrating.md").string());
  EXPECT_EQ(end, 0) << said;
  std::fputs(said.c_str(), stdout);
}

}  // namespace
}  // namespace otpd::test
