#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace otpd::test {

// What a test's otpd is told. Both listeners take any free port, messages go to the sink, and every limit
// that is not the test's subject is out of the way.
struct configuration {
  std::uint16_t sink_port = 0;  // 0: the null provider, which sends nothing
  bool console = false;         // instead: the console provider, which prints codes
  std::string delivery = {};    // instead: [delivery], and the providers that it names
  std::string log_level = "info";
  unsigned code_length = 6;
  unsigned attempts = 5;
  std::string lifetime = "10m";
  std::string sharing = "independent";
  std::string failures = "1000000/1s";  // evaluated wrong answers for one recipient
  std::string durability = "power";
  std::string pre_drain = "0s";
  std::string admin_listen = "127.0.0.1:0";
  std::string server = {};  // more lines of [server]
  std::string store = {};   // more lines of [store]
  std::string tables = {};  // more tables

  // The store is `directory`/data, with its key and its mark beside it.
  [[nodiscard]] std::string text(const std::filesystem::path& directory) const;
};

}  // namespace otpd::test
