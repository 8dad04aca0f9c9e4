#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace otpd::sms {

// True for a JSON pointer (RFC 6901).
[[nodiscard]] bool is_json_pointer(std::string_view text) noexcept;

// The string, number or boolean that `pointer` names in a JSON document, as text; of a number the shortest
// spelling. Nothing if `document` is not JSON, or there is no such value or it is null, an object or an
// array.
[[nodiscard]] std::optional<std::string> json_text_at(std::string_view document, std::string_view pointer);

}  // namespace otpd::sms
