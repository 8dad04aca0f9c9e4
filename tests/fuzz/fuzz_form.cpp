#include <algorithm>

#include "net/form.hpp"
#include "net/multipart.hpp"

namespace {

using otpd::net::form;

void expect_bounds(const std::optional<form>& read, std::size_t size) {
  if (!read) return;
  if (read->size() > otpd::net::max_form_fields) __builtin_trap();
  std::size_t sum = 0;
  for (const auto& field : *read) {
    sum += field.name.size() + field.value.size();
    if (field.name.empty() || field.name.size() > otpd::net::max_form_name ||
        field.value.size() > otpd::net::max_form_value)
      __builtin_trap();
  }
  // Decoding makes nothing longer.
  if (sum > size) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto strict = otpd::net::parse_form(text);
  const auto lenient = otpd::net::parse_form(text, otpd::net::form_syntax::lenient);
  expect_bounds(strict, size);
  expect_bounds(lenient, size);
  // What is well written means the same to both.
  if (strict && strict != lenient) __builtin_trap();
  // The first line is a media type, the rest its body.
  const auto end = std::min(text.find('\n'), size);
  expect_bounds(otpd::net::parse_multipart(text.substr(0, end), text.substr(std::min(end + 1, size))), size);
  expect_bounds(otpd::net::parse_multipart("multipart/form-data; boundary=b", text), size);
  return 0;
}
