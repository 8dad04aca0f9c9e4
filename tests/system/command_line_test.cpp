// docs/operation.md: how the command line is read, and how otpd ends that has nothing to serve.

#include <gtest/gtest.h>

#include <fstream>

#include "system/command.hpp"
#include "system/otpd_process.hpp"
#include "system/scratch_directory.hpp"

namespace otpd::test {
namespace {

constexpr int bad_usage = 64, bad_config = 78;

class CommandLine : public testing::Test {
 protected:
  std::string write(const std::string& toml) {
    const auto file = place.path() / "otpd.toml";
    std::ofstream(file) << toml;
    return file.string();
  }
  // How it ends, and what it says.
  static std::pair<int, std::string> otpd(std::vector<std::string> words) {
    words.insert(words.begin(), otpd_binary().string());
    return run(words);
  }

  scratch_directory place;
};

TEST_F(CommandLine, SaysWhatItTakes) {
  for (const char* each : {"--help", "--version"}) {
    const auto [end, said] = otpd({each});
    EXPECT_EQ(end, 0) << said;
    EXPECT_NE(said, "");
  }
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--unknown"},
                                                {"serve"},
                                                {"--config"},
                                                {"accounts"},
                                                {"accounts", "export"}}) {
    const auto [end, said] = otpd(words);
    EXPECT_EQ(end, bad_usage) << said;
    EXPECT_NE(said, "");
  }
}

TEST_F(CommandLine, NamesWhatIsWrongWithTheConfiguration) {
  const auto [good, nothing] = otpd({"--config", write("[log]\nlevel = 'warn'\n"), "--check-config"});
  EXPECT_EQ(good, 0) << nothing;
  const std::string wrong = write("[log]\nlevel = 'loud'\n");
  const std::vector<std::pair<std::string, std::string>> table{{wrong, "otpd.toml:2: log.level"},
                                                               {place.path() / "none.toml", "cannot read"},
                                                               {place.path(), "cannot read"},
                                                               {"", "cannot read"}};
  for (const auto& [file, why] : table) {
    const auto [end, said] = otpd({"--config", file, "--check-config"});
    EXPECT_EQ(end, bad_config) << file << ": " << said;
    EXPECT_NE(said.find(why), std::string::npos) << file << ": " << said;
  }
}

TEST_F(CommandLine, ReadsTheCertificateBeforeItServes) {
  std::ofstream(place.path() / "tls.pem") << "no certificate";
  const std::string toml = "[server.tls]\ncertificate = '" + (place.path() / "tls.pem").string() +
                           "'\nprivate_key = '" + (place.path() / "tls.pem").string() +
                           "'\n[store]\npath = '" + (place.path() / "data").string() + "'\n";
  const std::string file = write(toml);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--config", file, "--check-config"}, {"--config", file}}) {
    const auto [end, said] = otpd(words);
    EXPECT_EQ(end, bad_config) << said;
    EXPECT_NE(said.find("server.tls: "), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace otpd::test
