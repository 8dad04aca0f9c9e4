#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace otpd {

// A TOML value without what a configuration has no use for: floats, dates and times become `other`.
struct config_node {
  struct other {};
  using table = std::map<std::string, config_node>;
  using array = std::vector<config_node>;

  unsigned line = 1;
  std::variant<other, bool, std::int64_t, std::string, array, table> data;
};

}  // namespace otpd
