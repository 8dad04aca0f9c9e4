#include "sms/form.hpp"

#include "sms/escape.hpp"

namespace otpd::sms {

void append_form_field(std::string& body, std::string_view name, std::string_view value) {
  if (!body.empty()) body.push_back('&');
  body.append(name).push_back('=');
  append_escaped(body, value, escape::percent);
}

}  // namespace otpd::sms
