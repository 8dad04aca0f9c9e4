#pragma once

#include <string>

namespace otpd::test {

// Distinct valid recipients, for indices below 10,000,000.
[[nodiscard]] inline std::string phone_number(int index) {
  return "+491517" + std::to_string(10'000'000 + index).substr(1);
}
[[nodiscard]] inline std::string mailbox(int index) {
  return "kunde" + std::to_string(10'000'000 + index).substr(1) + "@post.example";
}

// A code of the same form that is another one.
[[nodiscard]] inline std::string other_than(std::string code, int step = 1) {
  code.back() = static_cast<char>('0' + (code.back() - '0' + 1 + step % 9) % 10);
  return code;
}

}  // namespace otpd::test
