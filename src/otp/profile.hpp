#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "otp/bucket.hpp"
#include "otp/channel.hpp"
#include "otp/message_text.hpp"

namespace otpd::otp {

enum class sharing : std::uint8_t {
  shared,       // one pending verification per subject: asking again sends again, same id
  independent,  // each caller has an id and a code of its own
};

enum class resend_policy : std::uint8_t {
  same,    // a resend repeats the code
  rotate,  // a resend makes a new code and voids the old one
};

// Which phone numbers are taken.
enum class numbers : std::uint8_t {
  valid,     // those that its country's plan has assigned
  possible,  // those of a length that its country has: for clients that were never told more
};

// What an approval yields, beside the approval.
enum class yield : std::uint8_t {
  nothing,
  account,  // the address is marked as verified in an account, which is made if there is none
  tokens,   // that, and an access and a refresh token for the account
};

// Named policy. The configuration has made sure of every bound that is stated here.
struct profile {
  std::string name;                              // 1..32 of a-z 0-9 _ -
  std::string app;                               // what messages call the service
  std::uint8_t code_length = 6;                  // 4..10; below 6 only in legacy profiles
  std::string alphabet = "0123456789";           // 10..36 distinct ASCII letters or digits
  std::chrono::seconds lifetime{300};            // 30..600; longer only in legacy profiles, at most 86,400
  std::uint8_t attempts = 5;                     // 1..10, wrong answers a verification takes
  std::uint8_t max_sends = 5;                    // 1..10, sends of one verification, the first included
  std::chrono::seconds resend_after{30};         // 0..600; doubles with each send of a verification
  rate sends{5, std::chrono::minutes{10}};       // per subject
  rate failures{10, std::chrono::hours{1}};      // evaluated wrong answers per subject
  std::uint16_t max_consecutive_failures = 100;  // 1..100; then the subject is locked (NIST 800-63B-4, 3.2.2)
  otp::sharing sharing = sharing::shared;
  resend_policy resend = resend_policy::same;
  std::vector<channel> channels{channel::sms, channel::email};
  std::vector<std::string> countries;  // ISO 3166 codes that phones may have; empty: all
  std::string default_region;          // ISO 3166; empty: national numbers are refused
  otp::numbers numbers = numbers::valid;
  otp::yield yields = yield::nothing;
  std::string realm = "default";  // whose accounts: 1..32 of a-z 0-9 _ -
  std::string locale = "en";
  std::string message = "{code} is your {app} code. It expires in {minutes} minutes.";
  std::vector<message_text> messages;         // for a channel, purpose or locale; else `message` is the text
  std::vector<message_parameter> parameters;  // at most 8, with distinct names
  std::string webotp;                         // host name of the WebOTP line; empty: none
  std::string android_app_hash;               // 11 of base64 for SMS Retriever; empty: none. Not both.
  bool legacy = false;
};

}  // namespace otpd::otp
