#pragma once

// How a phone finds the code in a message by itself.
//
//   WebOTP and iOS (wicg.github.io/sms-one-time-codes):   SMS Retriever (Android):
//     TEXT                                                  <#> TEXT
//                                                           HASH
//     @HOST #CODE
//
// Either must be the last line, and nothing follows it (RELIABILITY W1): so a message has one of them.

#include <string>
#include <string_view>

namespace otpd::sms {

// A message with the hash must not be longer; without one it is not found.
inline constexpr std::size_t max_retriever_bytes = 140;

struct autofill {
  std::string host;  // is_autofill_host(); empty: no WebOTP line
  std::string hash;  // is_app_hash(); empty: no hash

  [[nodiscard]] bool is_asked() const noexcept { return !host.empty() || !hash.empty(); }
  // Appends what stands before the text.
  void open(std::string& out) const;
  // Appends what stands after it.
  void close(std::string& out, std::string_view code) const;
};

// A host name in lower case, at most 100 bytes: two labels or more of a-z 0-9 -, no address.
[[nodiscard]] bool is_autofill_host(std::string_view text) noexcept;
// The first 11 characters of a base64 text.
[[nodiscard]] bool is_app_hash(std::string_view text) noexcept;

}  // namespace otpd::sms
