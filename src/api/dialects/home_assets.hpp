#pragma once

#include <string_view>

namespace otpd::api::dialects {

// web/home, embedded.
[[nodiscard]] std::string_view home_page_html();
[[nodiscard]] std::string_view home_page_css();
[[nodiscard]] std::string_view home_page_js();

}  // namespace otpd::api::dialects
