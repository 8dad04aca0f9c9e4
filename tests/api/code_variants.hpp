#pragma once

#include <string>
#include <vector>

namespace otpd::api::test {

// Bodies of a check that carry the right code in every form but the one that is asked for (RELIABILITY A5,
// A14, A17).
[[nodiscard]] std::vector<std::string> variants(const std::string& code);

}  // namespace otpd::api::test
