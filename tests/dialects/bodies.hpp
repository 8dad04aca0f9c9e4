#pragma once

#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace otpd::dialects::test {

// What a request says, whatever its body is written in.
using members = std::vector<std::pair<std::string, std::string>>;

// A way to write a request: each of them is taken for every route.
struct spelling {
  const char* name;
  std::string (*write)(const members&);
  std::string_view type;
  bool has_slash;
};
// JSON, with codes as texts and as numbers, and both kinds of forms.
extern const std::array<spelling, 6> spellings;

// What a failing test shows of its parameter.
void PrintTo(const spelling& what, std::ostream* out);

}  // namespace otpd::dialects::test
