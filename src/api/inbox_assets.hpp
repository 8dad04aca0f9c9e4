#pragma once

#include <string_view>

namespace otpd::api {

// The files of web/inbox, as they were when the binary was built. The HTML ones are layouts (html_text.hpp).
[[nodiscard]] std::string_view inbox_page_html();      // the whole page
[[nodiscard]] std::string_view inbox_message_html();   // one message
[[nodiscard]] std::string_view inbox_provider_html();  // one provider and its forms
[[nodiscard]] std::string_view inbox_page_css();
[[nodiscard]] std::string_view inbox_page_js();

}  // namespace otpd::api
