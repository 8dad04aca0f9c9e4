#include "net/message.hpp"

#include <algorithm>
#include <cassert>

#include "net/ascii.hpp"

namespace otpd::net {

std::string_view request::field_value(std::string_view name) const noexcept {
  for (const auto& f : fields) {
    if (equal_without_case(f.name, name)) return f.value;
  }
  return {};
}

std::size_t request::field_count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::count_if(
      fields.begin(), fields.end(), [name](const field& f) { return equal_without_case(f.name, name); }));
}

void response::add_field(std::string_view name, std::string_view value) {
  using namespace std::string_view_literals;
  const bool clean =
      name.find_first_of("\r\n\0:"sv) == name.npos && value.find_first_of("\r\n\0"sv) == value.npos;
  assert(clean);
  if (!clean) return;  // where assertions are off, a header is lost rather than injected
  fields.append(name).append(": ").append(value).append("\r\n");
}

void response::clear() noexcept {
  status = 200;
  content_type = {};
  body.clear();
  fields.clear();
  close = false;
}

}  // namespace otpd::net
