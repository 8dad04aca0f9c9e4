#pragma once

#include <bitset>
#include <string_view>

namespace otpd::sms {

// A set of HTTP statuses: "2xx", "503", "400-499", or a list of these with commas.
class status_set {
 public:
  status_set() = default;  // none
  // Throws std::invalid_argument if `text` is not such a list of statuses from 100 to 599.
  explicit status_set(std::string_view text);

  [[nodiscard]] bool contains(unsigned status) const noexcept { return status < set_.size() && set_[status]; }
  [[nodiscard]] static status_set all() noexcept;

 private:
  std::bitset<600> set_;
};

}  // namespace otpd::sms
