#include "sms/json_answer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "net/field_syntax.hpp"
#include "sms/outcome.hpp"

namespace otpd::sms {

namespace json = boost::json;

namespace {
constexpr std::size_t longest_id = 128;
}

json_answer::json_answer(std::string_view body) {
  boost::system::error_code ec;
  json::value parsed = json::parse(body, ec, &memory_);
  if (!ec) root_.emplace(std::move(parsed));
}

const json::value* member_of(const json::value* value, std::string_view name) noexcept {
  const json::object* object = value ? value->if_object() : nullptr;
  return object ? object->if_contains(name) : nullptr;
}

bool is_null(const json::value* value) noexcept {
  return !value || value->is_null();
}

std::string_view text_of(const json::value* value) noexcept {
  const json::string* text = value ? value->if_string() : nullptr;
  return text ? std::string_view{text->data(), text->size()} : std::string_view{};
}

std::optional<unsigned> number_of(const json::value* value) noexcept {
  if (!value) return std::nullopt;
  if (const std::int64_t* number = value->if_int64()) {
    if (*number < 0 || *number > 0x7fffffff) return std::nullopt;
    return static_cast<unsigned>(*number);
  }
  const std::string_view text = text_of(value);
  unsigned number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string id_of(const json::value* value) {
  if (!value || !(value->is_string() || value->is_number())) return {};
  std::string id = value->is_string() ? std::string{text_of(value)} : json::serialize(*value);
  return id.size() <= longest_id && net::is_field_value(id) ? id : std::string{};
}

otp::failure failure_of_unreadable(const net::http_answer& answer) noexcept {
  const bool is_success = answer.status >= 200 && answer.status < 300;
  return is_success ? otp::failure::unknown : failure_of_status(answer);
}

}  // namespace otpd::sms
