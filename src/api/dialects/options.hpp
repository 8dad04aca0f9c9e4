#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "auth/attempt_policy.hpp"
#include "auth/token_policy.hpp"

namespace otpd::api::dialects {

// Each dialect's own settings. `profile` names one of the configuration.
struct s0_options {
  bool enabled = true;
  std::string profile = "s0";
};

struct s1_options {
  bool enabled = true;
  std::string profile = "s1";
};

struct s2_options {
  bool enabled = true;
  std::string profile = "s2";
  auth::attempt_policy lockout{3, std::chrono::hours(1), {}};  // of a client's address
  std::chrono::seconds session_lifetime{14 * 86'400};
};

struct s3_options {
  bool enabled = true;
  std::string profile = "s3";
  auth::token_policy tokens{.name = "s3", .secret = {}};
};

struct s4_options {
  bool enabled = true;
  std::string profile = "s4";
  auth::token_policy tokens{.name = "s4", .secret = {}};
};

struct dialects_options {
  s0_options s0;
  s1_options s1;
  s2_options s2;
  s3_options s3;
  s4_options s4;
};

}  // namespace otpd::api::dialects
