#include "provider_codec.hpp"

#include "net/client_tls.hpp"
#include "net/url.hpp"
#include "sms/http_gateway.hpp"
#include "sms/mshastra.hpp"
#include "sms/twilio.hpp"
#include "sms/vonage.hpp"

namespace otpd {

namespace {

std::shared_ptr<const net::client_tls> trust_for(std::string_view url, const std::filesystem::path& ca_file) {
  const auto parsed = net::parse_url(url);
  return parsed && parsed->encrypted ? std::make_shared<const net::client_tls>(ca_file) : nullptr;
}

std::shared_ptr<const net::client_tls> trust_for(const sms::endpoint_options& options) {
  return trust_for(options.url, options.ca_file);
}

}  // namespace

std::unique_ptr<sms::provider> make_codec(const provider_config& from) {
  switch (from.type) {
    case provider_type::http:
      return std::make_unique<sms::http_gateway>(from.http, trust_for(from.http.url, from.http.ca_file));
    case provider_type::twilio:
      return std::make_unique<sms::twilio>(from.twilio, trust_for(from.twilio.endpoint));
    case provider_type::mshastra:
      return std::make_unique<sms::mshastra>(from.mshastra, trust_for(from.mshastra.endpoint));
    case provider_type::vonage:
      return std::make_unique<sms::vonage>(from.vonage, trust_for(from.vonage.endpoint));
    case provider_type::inbox:
    case provider_type::smtp:
    case provider_type::console:
    case provider_type::null:
      break;
  }
  return nullptr;
}

}  // namespace otpd
