#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "otp/limiter.hpp"
#include "otp/limits_options.hpp"
#include "otp/recipient.hpp"
#include "otp/vault.hpp"

namespace otpd::otp {

// Who asks, for the limits.
struct caller {
  struct network {
    std::uint64_t prefix = 0;  // an IPv4 address, or the upper 64 bits of an IPv6 one
    bool is_v6 = false;
  };
  std::optional<network> client;  // nothing: not limited by address
  std::uint32_t api_key = 0;      // 0: none; else its number in the configuration, from 1
};

// The buckets outside the recipient's record that a send must pass.
[[nodiscard]] std::vector<limit> send_budgets(vault& names, const limits_options& rates, const recipient& to,
                                              const caller& by);

// The buckets that a wrong answer is charged to.
[[nodiscard]] std::vector<limit> failure_budgets(vault& names, const limits_options& rates, const caller& by);

}  // namespace otpd::otp
