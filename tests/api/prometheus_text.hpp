#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace otpd::api::test {

// Prometheus' text format, version 0.0.4, read strictly.
//
//   # HELP name text
//   # TYPE name counter|gauge|histogram
//   name{label="value",…} 1.5
//
// Each family is one block of HELP, TYPE and its samples. Of a histogram the buckets rise in `le` and in
// count, the last is +Inf and equals _count, and _sum is there.
struct prometheus_text {
  std::map<std::string, std::string> types;  // of each family
  std::map<std::string, double> samples;     // by series, as written
  std::vector<std::string> faults;           // in words; empty: none
};

[[nodiscard]] prometheus_text parse_prometheus(std::string_view text);

}  // namespace otpd::api::test
