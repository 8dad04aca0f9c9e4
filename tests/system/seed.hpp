#pragma once

#include <cstdlib>
#include <iostream>
#include <random>

namespace otpd::test {

// A generator whose seed is printed. The environment variable OTPD_TEST_SEED repeats a run.
[[nodiscard]] inline std::mt19937_64 seeded_generator() {
  const char* given = std::getenv("OTPD_TEST_SEED");
  const unsigned long seed = given != nullptr ? std::strtoul(given, nullptr, 10) : std::random_device()();
  std::cout << "OTPD_TEST_SEED=" << seed << std::endl;
  return std::mt19937_64(seed);
}

}  // namespace otpd::test
