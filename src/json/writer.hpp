#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace otpd::json {

// Writes one JSON object into a string, member by member.
class writer {
 public:
  explicit writer(std::string& out) : out_(out) { out_ += '{'; }

  void text(std::string_view name, std::string_view value);
  // null for nothing.
  void text_or_null(std::string_view name, std::string_view value);
  // An array of texts.
  void texts(std::string_view name, std::span<const std::string_view> values);
  void number(std::string_view name, std::int64_t value);
  void boolean(std::string_view name, bool value);
  // "2026-11-21T09:30:00Z" from milliseconds since the Unix epoch; null for nothing.
  void time(std::string_view name, std::optional<std::int64_t> unix_ms);
  void end() { out_ += '}'; }

 private:
  void name(std::string_view name);
  void quoted(std::string_view value);

  std::string& out_;
  bool first_ = true;
};

}  // namespace otpd::json
