#include "dialects/bodies.hpp"

#include <algorithm>
#include <cctype>

#include "dialects/dialect_server.hpp"

namespace otpd::dialects::test {

namespace {

// `write` says how a value stands there.
template <typename Writer>
std::string object_of(const members& all, Writer write) {
  std::string out;
  for (const auto& [name, value] : all)
    out += (out.empty() ? "\"" : ",\"") + name + "\":" + write(name, value);
  return "{" + out + "}";
}

std::string as_json(const members& all) {
  return object_of(all, [](const std::string&, const std::string& value) { return '"' + value + '"'; });
}

// Codes as JSON numbers, as some clients write them: without the zeros that they begin with.
std::string as_numbers(const members& all) {
  return object_of(all, [](const std::string& name, const std::string& value) {
    if (name != "code" && name != "otp") return '"' + value + '"';
    return value.substr(std::min(value.find_first_not_of('0'), value.size() - 1));
  });
}

std::string as_form(const members& all) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const auto& [name, value] : all) {
    out += (out.empty() ? "" : "&") + name + "=";
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == ' ') {
        out += '+';
      } else if (std::isalnum(byte) != 0) {
        out += c;
      } else {
        out += {'%', hex[byte >> 4], hex[byte & 15]};
      }
    }
  }
  return out;
}

std::string as_multipart(const members& all) {
  std::string out;
  for (const auto& [name, value] : all)
    out += "--xYz\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  return out + "--xYz--\r\n";
}

}  // namespace

const std::array<spelling, 6> spellings{{{"json", as_json, json, true},
                                         {"json_without_slash", as_json, json, false},
                                         {"numbers", as_numbers, json, true},
                                         {"form", as_form, form, true},
                                         {"form_without_slash", as_form, form, false},
                                         {"multipart", as_multipart, multipart, true}}};

void PrintTo(const spelling& what, std::ostream* out) {
  *out << what.name;
}

}  // namespace otpd::dialects::test
