// One file is the whole installation.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <set>
#include <sstream>

#include "system/http_connection.hpp"
#include "system/otpd_process.hpp"
#include "system/recipients.hpp"
#include "system/scale.hpp"
#include "system/scratch_directory.hpp"
#include "system/sms_sink.hpp"

namespace otpd::test {
namespace {

// The names that ldd prints, without the loader and the kernel's own.
std::set<std::string> libraries_of(const std::filesystem::path& binary) {
  std::string text;
  std::FILE* const pipe = ::popen(("ldd " + binary.string()).c_str(), "r");
  if (pipe == nullptr) return {};
  std::array<char, 512> bytes{};
  while (const std::size_t n = std::fread(bytes.data(), 1, bytes.size(), pipe))
    text.append(bytes.data(), n);
  ::pclose(pipe);
  std::set<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::string name;
    std::istringstream(line) >> name;
    if (name.find("ld-linux") == name.npos && name.find("linux-vdso") == name.npos) out.insert(name);
  }
  return out;
}

TEST(Exposure, BinaryAloneServes) {
  const scratch_directory empty;
  const scratch_directory elsewhere;  // the configuration and the data
  const auto copy = empty.path() / "otpd";
  std::filesystem::copy_file(otpd_binary(), copy);
  sms_sink sink;
  launch how;
  how.binary = copy;
  how.working_directory = empty.path();

  otpd_process server(elsewhere.path(), {.sink_port = sink.port()}, how);

  ASSERT_TRUE(server.serves()) << server.log();
  for (const std::string& to : {phone_number(1), mailbox(1)}) {
    const http_answer made = ask(server.port(), issue_request(to));
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_TRUE(ask(server.port(), check_request(made.text("id"), sink.code_for(to).value())).says_right());
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(empty.path()), {}), 1)
      << "it left something beside itself";
}

TEST(Exposure, BinaryNamesTheCLibraryOnly) {
  if (sanitized) GTEST_SKIP() << "a sanitizer's libraries are named, too";
  EXPECT_EQ(libraries_of(otpd_binary()), (std::set<std::string>{"libc.so.6", "libm.so.6"}));
}

// The console provider, for developers: the code is in the standard output, and not in the log.
TEST(Exposure, ConsoleShowsCodesOnStandardOutputOnly) {
  const scratch_directory directory;
  configuration settings;
  settings.log_level = "trace";
  settings.console = true;
  otpd_process server(directory.path(), settings);
  ASSERT_TRUE(server.serves()) << server.log();
  const http_answer made = ask(server.port(), issue_request(phone_number(1)));
  ASSERT_EQ(made.status, 201) << made.body;

  const std::string output = server.output();
  const std::string words = "-- sms to " + phone_number(1) + ": ";
  const auto at = output.find(words);
  ASSERT_NE(at, std::string::npos) << output;
  const std::string code = output.substr(at + words.size(), 6);

  EXPECT_EQ(server.log().find("\"" + code), std::string::npos) << server.log();
  EXPECT_TRUE(ask(server.port(), check_request(made.text("id"), code)).says_right());
}

}  // namespace
}  // namespace otpd::test
