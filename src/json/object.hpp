#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace otpd::json {

enum class kind : std::uint8_t { string, number, boolean, null, array, object };

// A request's body, strictly: one JSON object (RFC 8259) whose member names are distinct. Members with nested
// values are seen by kind only, but for one: of the member called `opened`, if it is an object, the members
// are seen as well, and no deeper. Bounded: 32 members each, depth 8, names and strings of 1 KiB. One per
// event loop, used again and again.
class object {
 public:
  static constexpr std::size_t max_members = 32;
  static constexpr std::size_t max_text = 1024;
  static constexpr std::size_t max_depth = 8;

  struct member {
    std::string_view name;
    json::kind kind = json::kind::null;
    std::string_view
        text;  // of a string: unescaped UTF-8; of a number: as written; of a boolean: true or false
  };

  enum class fault : std::uint8_t {
    none,
    invalid,    // not JSON, not an object, or over a bound
    duplicate,  // a member of the object, or of the opened one, appears twice
  };

  object() = default;
  explicit object(std::string_view opened) : opened_(opened) {}

  // Views into this object, valid until the next call.
  [[nodiscard]] fault parse(std::string_view body);
  [[nodiscard]] std::span<const member> members() const noexcept { return {members_.data(), count_}; }
  // Those of the opened member; none if it is absent or no object.
  [[nodiscard]] std::span<const member> inner() const noexcept { return {inner_.data(), inner_count_}; }
  [[nodiscard]] const member* find(std::string_view name) const noexcept;

 private:
  friend struct object_events;

  std::string opened_;  // empty: no member is opened, not even one of that name
  std::array<member, max_members> members_{};
  std::size_t count_ = 0;
  std::array<member, max_members> inner_{};
  std::size_t inner_count_ = 0;
  std::string text_;  // unescaped names and values; reserved before parsing, so that views into it stay
};

}  // namespace otpd::json
