#include "sms/endpoint.hpp"

#include "net/url.hpp"

namespace otpd::sms {

option_check fault_of(const endpoint_options& options) {
  const auto url = net::parse_url(options.url);
  if (!url || url->target.find('?') != std::string::npos)
    return option_fault{"url",
                        "is not the base URL of an API such as \"https://sms.example\" (no user, no ?query, "
                        "no #fragment, no space)"};
  if (!url->encrypted && !options.insecure && !net::is_loopback(*url))
    return option_fault{"url", "is http:// to another machine; use https://, or set insecure = true"};
  return std::nullopt;
}

net::http_call blank_call(const endpoint_options& options, std::string_view path, std::string_view media_type,
                          std::shared_ptr<const net::client_tls> tls) {
  refuse_fault(fault_of(options));
  net::http_call call;
  call.url = *net::parse_url(options.url);
  if (call.url.encrypted && !tls)
    refuse_fault(option_fault{"url", "is https:// and there is nobody to trust"});
  if (call.url.target.ends_with('/')) call.url.target.pop_back();
  call.url.target.append(path);
  call.tls = std::move(tls);
  call.connect_timeout = options.connect_timeout;
  call.timeout = options.timeout;
  call.max_connections = options.max_connections;
  call.add_field("User-Agent", "otpd");
  call.add_field("Accept", "application/json");
  call.add_field("Content-Type", media_type);
  return call;
}

}  // namespace otpd::sms
