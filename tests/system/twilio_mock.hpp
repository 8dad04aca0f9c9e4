#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "system/vendor_stub.hpp"

namespace otpd::test {

// Twilio's Messages API as its published OpenAPI document describes it: POST
// /2010-04-01/Accounts/{AccountSid}/Messages.json. Every request is held against the document, and what it
// takes is answered 201 with a Message of the document's members, status `queued`. Thread-safe.
class twilio_mock {
 public:
  // Where the document is expected; it is not part of the repository.
  [[nodiscard]] static std::filesystem::path document();

  // Knows one account. Throws if the document cannot be read or describes no such call.
  twilio_mock(std::string account_sid, std::string auth_token);

  [[nodiscard]] vendor_answer answer(const vendor_request& request);
  // Where requests were not as the document wants them; empty: they all were.
  [[nodiscard]] std::vector<std::string> faults() const;

 private:
  using form = std::map<std::string, std::string>;

  void check_frame(const vendor_request& request);
  void check_field(const std::string& name, const std::string& value);
  void check_form(const form& fields);
  [[nodiscard]] boost::json::object message_of(const form& fields);
  void fault(const std::string& what);

  boost::json::value x_document;
  const boost::json::object* x_post = nullptr;     // of the path
  const boost::json::object* x_fields = nullptr;   // of the form, by name
  const boost::json::object* x_message = nullptr;  // the answer's members
  std::string x_account;
  std::string x_token;
  mutable std::mutex x_mutex;
  std::vector<std::string> x_faults;
  unsigned x_count = 0;
};

}  // namespace otpd::test
