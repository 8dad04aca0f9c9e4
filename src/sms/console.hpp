#pragma once

#include <cstdio>
#include <mutex>

#include "sms/provider.hpp"

namespace otpd::sms {

// Prints messages, codes and all: the provider of a developer's machine. Thread-safe, one write per message,
// one line each:
//   -- sms to +15551234567: 123456 is your Example code. ...
class console {
 public:
  // Says once on `out` that codes will be visible there. `out` outlives the console.
  explicit console(std::FILE* out);

  // A line break in the text is printed as "\n", another control character as '?'. False if the stream is
  // broken.
  bool print(const rendered_message& message);

 private:
  std::mutex mutex_;  // lines of several threads never mix
  std::FILE* out_;
};

}  // namespace otpd::sms
