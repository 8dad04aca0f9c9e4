#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config.hpp"

namespace otpd {

struct refusal {
  std::string toml;
  std::string message;  // the beginning of it
};

inline void expect_refusals(const std::vector<refusal>& table) {
  for (const auto& [toml, message] : table) {
    try {
      static_cast<void>(parse_config(toml, "t"));
      ADD_FAILURE() << "accepted: " << toml;
    } catch (const config_error& error) {
      EXPECT_EQ(std::string{error.what()}.substr(0, message.size()), message) << toml << "\n" << error.what();
    }
  }
}

}  // namespace otpd
