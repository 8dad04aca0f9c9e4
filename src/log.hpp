#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "config.hpp"

namespace spdlog {
class logger;
}

namespace otpd {

// One JSON object a line on standard error: {"time":"…","level":"info","event":"…", fields}. Thread-safe. No
// caller has a code or an unmasked recipient to give.
class log {
 public:
  using field = std::pair<std::string_view, std::string_view>;

  explicit log(log_level least);
  ~log();

  [[nodiscard]] bool shows(log_level level) const noexcept { return level >= least_; }
  void write(log_level level, std::string_view event, std::initializer_list<field> fields = {});

 private:
  log_level least_;
  std::shared_ptr<spdlog::logger> out_;
};

}  // namespace otpd
