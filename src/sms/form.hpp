#pragma once

#include <string>
#include <string_view>

namespace otpd::sms {

inline constexpr std::string_view form_media_type = "application/x-www-form-urlencoded";

// Appends "name=value" to a form's body, with a '&' before it unless it is the first. `name` needs no
// escaping; a space in `value` becomes "%20".
void append_form_field(std::string& body, std::string_view name, std::string_view value);

}  // namespace otpd::sms
