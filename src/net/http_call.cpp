#include "net/http_call.hpp"

#include "net/ascii.hpp"
#include "net/field_syntax.hpp"

namespace otpd::net {

namespace {

// Boost's base class has no virtual destructor: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class category final : public boost::system::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "otpd.http_client"; }
  [[nodiscard]] std::string message(int value) const override {
    switch (static_cast<http_errc>(value)) {
      case http_errc::not_resolved:
        return "the name cannot be resolved";
      case http_errc::not_connected:
        return "cannot connect";
      case http_errc::tls_failed:
        return "the TLS handshake failed";
      case http_errc::certificate_refused:
        return "the certificate is refused";
      case http_errc::busy:
        return "no connection is free";
      case http_errc::called_off:
        return "called off while it waited";
      case http_errc::timed_out:
        return "no complete answer in time";
      case http_errc::reset:
        return "the connection ended before the answer";
      case http_errc::too_large:
        return "the answer is too large";
      case http_errc::bad_response:
        return "the answer is not HTTP/1";
    }
    return "unknown";
  }
};
#pragma GCC diagnostic pop

}  // namespace

const boost::system::error_category& http_category() noexcept {
  static const category instance;
  return instance;
}

bool request_not_sent(const boost::system::error_code& ec) noexcept {
  return ec.category() == http_category() && ec.value() < static_cast<int>(http_errc::timed_out);
}

bool http_call::add_field(std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_field_value(value)) return false;
  fields.append(name).append(": ").append(value).append("\r\n");
  return true;
}

std::string_view http_answer::field_value(std::string_view name) const noexcept {
  std::string_view rest = fields;
  while (!rest.empty()) {
    const auto line = split_field(take_line(rest));
    if (line && equal_without_case(line->name, name)) return line->value;
  }
  return {};
}

}  // namespace otpd::net
