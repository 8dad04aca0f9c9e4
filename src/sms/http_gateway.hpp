#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/client_tls.hpp"
#include "sms/escape.hpp"
#include "sms/http_gateway_options.hpp"
#include "sms/pattern.hpp"
#include "sms/provider.hpp"
#include "sms/status_set.hpp"
#include "sms/webhook_signature.hpp"

namespace otpd::sms {

// Any gateway that takes a message in one HTTP request, described by configuration. Its templates may name
// http_gateway_names: in the URL after the authority (percent-encoded), in header values (see escape::header)
// and in the body (escaped for its media type). Parsed once, here.
//
// With signing secrets each request is signed as webhook_signer says, over the body as it is sent. Its
// webhook-id is the message's reference; a message without one gets an id of its own for each attempt's
// second, so that two messages never look like one.
//
// An answer is success if its status, a substring of its body and the value at a JSON pointer all are what
// the options say; without a value the pointer has to exist. Anything else is a refusal: the first failure
// rule that fits, or else failure_of_status().
class http_gateway final : public provider {
 public:
  // Throws std::invalid_argument that begins with the option's name. With an https URL it needs `tls`; reads
  // no file itself.
  explicit http_gateway(const http_gateway_options& options,
                        std::shared_ptr<const net::client_tls> tls = nullptr);

  [[nodiscard]] net::http_call encode(const rendered_message& message) const override;
  [[nodiscard]] verdict decode(const net::http_answer& answer) const override;

 private:
  struct rule {
    status_set status;
    std::string body_contains;
    otp::failure failure;
  };

  void read_url(const http_gateway_options& options);
  void read_auth(const http_gateway_options& options);
  void read_fields(const http_gateway_options& options);
  void read_body(const http_gateway_options& options);
  void read_predicate(const http_gateway_options& options);
  void sign(net::http_call& call, const rendered_message& message) const;
  void render(std::string& out, const pattern& what, const rendered_message& message, escape how) const;
  [[nodiscard]] bool is_success(const net::http_answer& answer, const boost::json::value* json) const;

  net::http_call blank_;  // what every call has in common
  pattern target_;
  std::vector<std::pair<std::string, pattern>> fields_;  // those that differ from message to message
  pattern body_;
  escape body_escape_ = escape::none;
  std::string from_;
  webhook_signer signer_;
  status_set success_status_;
  std::string success_body_contains_;
  std::string success_pointer_;
  std::string success_value_;
  std::string id_pointer_;
  std::vector<rule> rules_;
};

}  // namespace otpd::sms
