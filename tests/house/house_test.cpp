// The arrows of the house: which folder of src may include which. ARCHITECTURE.md draws them.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using names = std::set<std::string>;

const fs::path source = fs::path(OTPD_SOURCE_DIR) / "src";

// Beside itself and task.hpp, which is the alias of a coroutine and nothing else.
const std::map<std::string, names> may_include{
    {"crypto", {}},
    {"json", {}},
    {"net", {}},
    {"metrics", {}},
    {"otp", {"crypto"}},
    {"store", {"otp"}},
    {"sms", {"net", "otp", "crypto"}},
    {"mail", {"net", "otp", "sms"}},
    {"auth", {"otp", "json", "crypto"}},
    {"api", {"otp", "auth", "json", "net", "crypto"}},
    // Reads the one configuration struct, which is made of the parts' own options.
    {"config", {"otp", "auth", "api", "net", "crypto", "sms", "mail", "store"}},
};

struct include {
  fs::path from;
  std::string to;
};

// Every project include: those in quotes.
std::vector<include> includes_of(const fs::path& folder) {
  static const std::regex line(R"re(^\s*#\s*include\s+"([^"]+)")re");
  std::vector<include> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path());
    std::string text;
    std::smatch found;
    while (std::getline(in, text)) {
      if (std::regex_search(text, found, line)) out.push_back({fs::relative(entry.path(), source), found[1]});
    }
  }
  return out;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.find('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

TEST(House, FoldersIncludeOnlyWhatTheirArrowsAllow) {
  std::size_t seen = 0;
  for (const auto& [folder, allowed] : may_include) {
    ASSERT_TRUE(fs::is_directory(source / folder)) << folder;
    for (const auto& [from, to] : includes_of(source / folder)) {
      ++seen;
      const std::string target = folder_of(to);
      const bool fine = target == folder || allowed.contains(target) ||
                        (target.empty() && (to == "task.hpp" || (folder == "config" && to == "config.hpp")));
      EXPECT_TRUE(fine) << from << " includes " << to;
    }
  }
  EXPECT_GT(seen, 100u);
}

TEST(House, EveryFolderHasItsPlace) {
  for (const auto& entry : fs::directory_iterator(source)) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(may_include.contains(entry.path().filename()))
        << entry.path() << " is not in the house's plan";
  }
}

TEST(House, IncludesNameAFileThatExists) {
  for (const auto& [folder, allowed] : may_include) {
    for (const auto& [from, to] : includes_of(source / folder)) {
      EXPECT_TRUE(fs::exists(source / to)) << from << " includes " << to;
    }
  }
}

// The rules draw no randomness, read no clock and know no driver.
TEST(House, RulesReachNoDriver) {
  static const std::regex driver(
      R"re(#\s*include\s+<(rocksdb|openssl/ssl|boost/beast|boost/asio/(ip|ssl)|sys/socket|time\.h))re");
  for (const auto& entry : fs::directory_iterator(source / "otp")) {
    std::ifstream in(entry.path());
    std::string text;
    while (std::getline(in, text))
      EXPECT_FALSE(std::regex_search(text, driver)) << entry.path() << ": " << text;
  }
}

TEST(House, FilesStayShort) {
  constexpr std::size_t most_lines = 300;
  for (const auto* folder : {"src", "tests", "bench"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(OTPD_SOURCE_DIR) / folder)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp" && extension != ".ipp") continue;
      std::ifstream in(entry.path());
      std::size_t lines = 0;
      for (std::string text; std::getline(in, text);)
        ++lines;
      EXPECT_LE(lines, most_lines) << entry.path();
    }
  }
}

}  // namespace
