#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/object.hpp"
#include "net/form.hpp"
#include "net/message.hpp"

namespace otpd::api::dialects {

// What a client has sent, as Django REST Framework's request.data: a JSON object, a urlencoded form or a
// multipart one. Members that nobody asks for are left alone, as there; JSON is read as strictly as
// everywhere here (json::object.hpp).
class request_data {
 public:
  enum class fault : std::uint8_t {
    none,
    unsupported_media_type,  // 415
    malformed,               // 400
  };

  [[nodiscard]] fault read(const net::request& in);
  // What that framework calls the fault of the last read(), such as
  // "Unsupported media type \"text/plain\" in request.".
  [[nodiscard]] const std::string& detail() const noexcept { return detail_; }

  // A member's text: a string as it is, a number as it is written. Nothing if it is absent, null, or anything
  // else.
  [[nodiscard]] std::optional<std::string_view> text(std::string_view name) const noexcept;
  // True if it is there at all, also as null.
  [[nodiscard]] bool has(std::string_view name) const noexcept;
  [[nodiscard]] bool is_null(std::string_view name) const noexcept;
  // A JSON number: no text.
  [[nodiscard]] bool is_number(std::string_view name) const noexcept;

 private:
  struct member {
    std::string name;
    json::kind kind = json::kind::string;
    std::optional<std::string> text;
  };

  [[nodiscard]] const member* find(std::string_view name) const noexcept;
  [[nodiscard]] fault read_json(std::string_view body);
  [[nodiscard]] fault read_form(std::optional<net::form> fields, std::string_view malformed);

  std::vector<member> members_;
  std::string detail_;
};

}  // namespace otpd::api::dialects
