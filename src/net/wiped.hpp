#pragma once

#include <string.h>

#include <string>

namespace otpd::net {

// Overwrites a text when the scope ends: it carried a code.
class wiped {
 public:
  explicit wiped(std::string& text) noexcept : text_(text) {}
  wiped(const wiped&) = delete;
  wiped& operator=(const wiped&) = delete;
  ~wiped() { explicit_bzero(text_.data(), text_.size()); }

 private:
  std::string& text_;
};

}  // namespace otpd::net
