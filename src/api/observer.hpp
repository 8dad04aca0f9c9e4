#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace otpd::api {

enum class operation : std::uint8_t { issue, check, resend, find, cancel };
inline constexpr std::size_t operation_count = 5;

[[nodiscard]] constexpr std::string_view to_string(operation value) noexcept {
  constexpr std::string_view names[] = {"issue", "check", "resend", "find", "cancel"};
  return names[static_cast<std::size_t>(value)];
}

// One answered call of a use case. No code, no address in clear.
struct answered {
  api::operation operation = operation::issue;
  std::string_view result;  // "ok", "wrong", or the problem's code; static storage
  std::string_view to;      // masked; empty where it is not known
  std::string_view id;      // of the verification; empty where there is none
  bool is_test = false;     // of a test recipient
  std::chrono::nanoseconds took{0};
};

// Who counts and logs. Called on the loop that answered.
class observer {
 public:
  virtual ~observer() = default;
  virtual void on_answer(const answered& what) = 0;
};

}  // namespace otpd::api
