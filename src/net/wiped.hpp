#pragma once

#include <string.h>

#include <string>

namespace otpd::net {

// Overwrites a text when the scope ends: it carried a code.
class wiped {
 public:
  explicit wiped(std::string& text) noexcept : x_text(text) {}
  wiped(const wiped&) = delete;
  wiped& operator=(const wiped&) = delete;
  ~wiped() { explicit_bzero(x_text.data(), x_text.size()); }

 private:
  std::string& x_text;
};

}  // namespace otpd::net
