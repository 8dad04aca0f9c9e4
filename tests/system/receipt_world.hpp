#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "system/delivery_server.hpp"
#include "system/vendor_stub.hpp"

namespace otpd::test {

// Fields of a form, a query or a flat JSON object, by name.
using fields = std::map<std::string, std::string>;

[[nodiscard]] std::string form_of(const fields& what);

// An otpd that the vendors reach at public_url, and a stub that accepts every message, whoever the vendor is.
class receipt_world {
 public:
  static constexpr std::string_view public_url = "https://otp.example.com";

  receipt_world();

  // [providers.NAME] at the stub, and whose numbers begin with `prefix`.
  void provider(const std::string& name, std::string_view vendor, const std::string& prefix,
                const std::string& lines = {});
  void start() { server.start(); }

  // A message that was accepted: the verification, and what the vendor was told of receipts.
  struct sent {
    std::string id;
    std::string reference;  // in whatever the vendor has for it
    std::string callback;
    vendor_request request;
  };
  // Issues to `to`. Throws unless it is sent.
  [[nodiscard]] sent send(const std::string& to);
  // The same verification once more.
  [[nodiscard]] sent send_again(const sent& first, const std::string& to);

  // What the stub was asked last. Something was.
  [[nodiscard]] vendor_request last_request() const { return x_stub.requests().back(); }

  // What otpd answers to a receipt: "204", or the status and the problem's code: "403 receipt_refused".
  // `more` are header lines, each with its CRLF.
  [[nodiscard]] std::string post(const std::string& target, const std::string& type, const std::string& body,
                                 const std::string& more = {}) const;
  [[nodiscard]] std::string request(const std::string& method, const std::string& target) const;
  [[nodiscard]] std::string delivery_of(const sent& what) const { return server.delivery_of(what.id); }

  delivery_server server;
  // Asked first what the stub does with a request; set before start(). Called on threads of the stub's.
  std::function<std::optional<vendor_answer>(const vendor_request&)> instead = {};

 private:
  [[nodiscard]] vendor_answer answer(const vendor_request& request) const;
  [[nodiscard]] sent newest(const http_answer& from, const std::string& to) const;

  identity x_who;
  vendor_stub x_stub;
};

// Unix seconds, `offset` from now: what signatures have in them.
[[nodiscard]] std::string unix_time(int offset = 0);

}  // namespace otpd::test
