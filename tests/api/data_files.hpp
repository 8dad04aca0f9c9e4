#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace otpd::api::test {

// nst/JSONTestSuite, test_parsing/: file name -> bytes. Where the whole suite is not beside the checkout, the
// part of it in tests/data; `is_whole` tells which.
struct json_suite {
  std::map<std::string, std::string> files;
  bool is_whole = false;
};
[[nodiscard]] json_suite read_json_suite();

// minimaxir/big-list-of-naughty-strings, blns.json; empty where it is not beside the checkout.
[[nodiscard]] std::vector<std::string> read_naughty_strings();

}  // namespace otpd::api::test
