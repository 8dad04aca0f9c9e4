#pragma once

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "sms/provider.hpp"

namespace otpd::sms::test {

inline net::http_answer answer(unsigned status, std::string body = {}, std::string fields = {}) {
  return {status, std::move(fields), std::move(body)};
}

// Reads `body` with every byte cut off, changed and doubled at random places: whatever comes of it, nothing
// is thrown, and what was not sent does not become sent by cutting it short.
inline void expect_sturdy(const provider& codec, unsigned status, const std::string& body) {
  for (std::size_t size = 0; size < body.size(); ++size) {
    ASSERT_NE(codec.decode(answer(status, body.substr(0, size))).failure, otp::failure::none) << size;
  }
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 random{seed};
    std::string text = body;
    for (unsigned i = 0, n = 1 + random() % 4; i < n; ++i) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = static_cast<char>(random());
      } else {
        text.insert(at, text.substr(random() % text.size(), random() % 20));
      }
    }
    ASSERT_NO_THROW(static_cast<void>(codec.decode(answer(status, text)))) << seed;
  }
}

// Bodies that no codec may take for success, whatever the status: empty, not JSON, of other shapes, deep,
// huge.
inline std::vector<std::string> strange_bodies() {
  return {"",
          "OK",
          "null",
          "0",
          "\"0\"",
          "true",
          "[]",
          "{}",
          "[[]]",
          "[{}]",
          "{\"messages\":[]}",
          "{\"messages\":{}}",
          "{\"messages\":[0]}",
          "<html>Send Successful</html>",
          std::string("\0\xff\xfe", 3),
          std::string(5000, '['),
          std::string(4 << 20, 'x'),
          "[" + std::string(4 << 20, ' ') + "]",
          "{\"sid\":" + std::string(100, '{')};
}

}  // namespace otpd::sms::test
