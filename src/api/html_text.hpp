#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace otpd::api {

// Appends `text` as character data of HTML, good between tags and in quoted attributes. A control character
// that HTML forbids is shown as its picture (U+2400 and on), and a byte that is no UTF-8 as U+FFFD, so that
// nothing is read in another way than it was checked.
void append_html(std::string& out, std::string_view text);

// Appends `layout`, where `fill` appends what stands for each {{name}}.
void append_layout(std::string& out, std::string_view layout,
                   const std::function<void(std::string& out, std::string_view name)>& fill);

}  // namespace otpd::api
