#include "sms/json_text_at.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace otpd::sms {

namespace json = boost::json;

bool is_json_pointer(std::string_view text) noexcept {
  if (!text.empty() && text.front() != '/') return false;
  for (std::size_t i = text.find('~'); i != text.npos; i = text.find('~', i + 1)) {
    if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
  }
  return true;
}

std::optional<std::string> json_text_at(std::string_view document, std::string_view pointer) {
  std::array<unsigned char, 4096> space;
  json::monotonic_resource memory{space.data(), space.size()};
  boost::system::error_code ec;
  const json::value root = json::parse(document, ec, &memory);
  if (ec) return std::nullopt;
  const json::value* found = root.find_pointer(pointer, ec);
  if (found == nullptr || found->is_structured() || found->is_null()) return std::nullopt;
  if (const json::string* text = found->if_string()) return std::string{text->data(), text->size()};
  return json::serialize(*found);
}

}  // namespace otpd::sms
