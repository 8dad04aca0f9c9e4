#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "net/scripted_server.hpp"
#include "net/test_certificates.hpp"

namespace otpd::test {

// One request to a vendor, as it came.
struct vendor_request {
  std::string head;  // request line and fields
  std::string body;

  // "POST /path HTTP/1.1" in its parts.
  [[nodiscard]] std::string method() const;
  [[nodiscard]] std::string target() const;
  // The value of the only field with this name, in any case; empty if there is none, or more than one.
  [[nodiscard]] std::string field(std::string_view name) const;
  // The body as a form, decoded. Throws if a name is there twice.
  [[nodiscard]] std::map<std::string, std::string> form() const;
};

// What the vendor does with a request.
struct vendor_answer {
  enum class end {
    keep,   // the connection is there for the next request
    close,  // after `bytes`, which may be a part of an answer or nothing, the connection is closed
    reset,  // the same, by RST
    hang,   // the connection stays, silent, until the client closes it
  };
  std::string bytes;
  end then = end::keep;
};

// A whole answer of `status` with a JSON body. `fields` are header lines, each with its CRLF.
[[nodiscard]] vendor_answer answer_of(unsigned status, std::string_view body, std::string_view fields = {});

// Plays a vendor's API over TLS, in this process: a certificate for 127.0.0.1, scripted answers, and every
// request is kept. Thread-safe.
class vendor_stub {
 public:
  using answerer = std::function<vendor_answer(const vendor_request&)>;

  // `who` is what it shows; `how` is called for each request, from several threads.
  vendor_stub(const identity& who, answerer how);

  [[nodiscard]] std::string url() const;
  // Those so far, in the order of their coming.
  [[nodiscard]] std::vector<vendor_request> requests() const;
  // Those whose body has `text`.
  [[nodiscard]] std::vector<vendor_request> requests_with(std::string_view text) const;

 private:
  void serve(scripted_server::peer& client);

  answerer x_how;
  mutable std::mutex x_mutex;
  std::vector<vendor_request> x_requests;
  scripted_server x_server;  // the last one: its threads use the others
};

// "a%20b+c" is "a b c".
[[nodiscard]] std::string percent_decoded(std::string_view text);
// For a form's body or a query: everything but letters and digits is %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace otpd::test
