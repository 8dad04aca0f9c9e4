#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace otpd::net {

struct form_field {
  std::string name;   // not empty
  std::string value;  // any bytes, NUL and line breaks included

  [[nodiscard]] bool operator==(const form_field&) const = default;
};

// An application/x-www-form-urlencoded body, or a query of the same form, in the order of its text.
using form = std::vector<form_field>;

inline constexpr std::size_t max_form_fields = 64;
inline constexpr std::size_t max_form_name = 256;    // bytes, decoded
inline constexpr std::size_t max_form_value = 4096;  // bytes, decoded

enum class form_syntax : std::uint8_t {
  strict,   // as the standard writes forms, and nothing else
  lenient,  // as people write them by hand: a byte that should have been escaped stands for itself, also a
            // '%' without two hex digits; a piece without a name is skipped (URL Standard, 5.1)
};

// Decodes '+' and %XX once. Nothing if a bound above is exceeded or, strictly, a '%' is not followed by two
// hex digits, a byte is outside of printable ASCII, or a name is empty. Empty pieces ("a=1&&b=2&") are
// skipped, as the URL Standard's parser does; a piece without '=' has an empty value.
[[nodiscard]] std::optional<form> parse_form(std::string_view text, form_syntax syntax = form_syntax::strict);

// The value of the only field with this name (case matters); null if there is none or more than one.
[[nodiscard]] const std::string* find_only(const form& fields, std::string_view name) noexcept;

}  // namespace otpd::net
