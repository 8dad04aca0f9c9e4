#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace otpd::sms {

// Text with {names} in it, taken apart once. A name is {a-z_}; any other brace is text, so JSON needs no
// escaping.
class pattern {
 public:
  static constexpr std::size_t no_name = static_cast<std::size_t>(-1);
  struct piece {
    std::string literal;         // may be empty
    std::size_t name = no_name;  // what follows it: an index into the names, or nothing
  };

  pattern() = default;
  // Throws std::invalid_argument if `text` names something that is not among `names`.
  pattern(std::string_view text, std::span<const std::string_view> names);

  [[nodiscard]] const std::vector<piece>& pieces() const noexcept { return pieces_; }
  [[nodiscard]] bool uses(std::size_t name) const noexcept;
  // It names nothing.
  [[nodiscard]] bool is_constant() const noexcept;

  // Appends the text; `append_value(out, name)` appends the value of each name.
  template <class AppendValue>
  void render(std::string& out, const AppendValue& append_value) const {
    for (const piece& each : pieces_) {
      out.append(each.literal);
      if (each.name != no_name) append_value(out, each.name);
    }
  }

 private:
  std::vector<piece> pieces_;
};

}  // namespace otpd::sms
