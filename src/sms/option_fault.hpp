#pragma once

#include <optional>
#include <string_view>

namespace otpd::sms {

// What is wrong with a provider's options: the option's name as the configuration spells it, and why. Both
// are literals, so neither can tell a credential.
struct option_fault {
  std::string_view option;
  std::string_view why;
};
using option_check = std::optional<option_fault>;  // nothing: all is right

}  // namespace otpd::sms
