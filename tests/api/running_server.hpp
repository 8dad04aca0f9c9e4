#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "api/answer.hpp"
#include "api/openapi_document.hpp"
#include "api/sink.hpp"
#include "application.hpp"
#include "net/client_socket.hpp"
#include "store/scratch.hpp"

namespace otpd::api::test {

// A whole otpd in this process, on free ports, with a store of its own. Text messages go to a sink, e-mail
// nowhere, and no limit is in the way but those that the test sets. Every answer that comes through ask() is
// held against what any answer must be and against docs/openapi.yaml, and must not show a code.
class running_server {
 public:
  // `tables` are more tables of the configuration; `change` has the last word.
  explicit running_server(const std::string& tables = {}, const std::function<void(config&)>& change = {});
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;
  ~running_server();

  [[nodiscard]] application& otpd() { return *otpd_; }
  [[nodiscard]] sink& provider() { return sink_; }
  [[nodiscard]] std::uint16_t port() const { return otpd_->port(); }

  // One request over a kept connection. A body is sent as application/json; `fields` are whole header lines,
  // each with its CR LF.
  answer ask(std::string_view method, std::string_view target, std::string_view body = {},
             std::string_view fields = {});
  answer ask_with_type(std::string_view method, std::string_view target, std::string_view type,
                       std::string_view body);
  // The same, to the administration.
  answer ask_admin(std::string_view method, std::string_view target, std::string_view body = {},
                   std::string_view fields = {});
  // Bytes on a connection of their own; all that comes back until it ends must be one answer.
  answer ask_raw(std::string_view bytes);

  // The common calls, for what a test is not about. The id of a new verification; empty if it was refused.
  std::string start(std::string_view to, std::string_view members = {});
  answer check(std::string_view id, std::string_view code);
  // The code that was sent, and one of the same form that was not.
  [[nodiscard]] std::string code_for(const std::string& to) const { return sink_.code_for(to); }
  [[nodiscard]] std::string wrong_code_for(const std::string& to) const;

 private:
  answer exchange(std::unique_ptr<net::test::client_socket>& over, std::uint16_t port,
                  std::string_view request, bool to_head);
  void judge(std::string_view method, std::string_view target, const answer& what) const;
  void expect_no_code(const answer& what) const;

  sink sink_;
  store::test::scratch directory_{store::test::quick_root()};
  config settings_;
  log lines_{log_level::error};
  std::unique_ptr<application> otpd_;
  std::unique_ptr<net::test::client_socket> api_;
  std::unique_ptr<net::test::client_socket> admin_;
};

// docs/openapi.yaml, read once.
[[nodiscard]] const openapi_document& described();

// The members of a JSON object, as text: {"to":"…","code":"…"}.
[[nodiscard]] std::string object(
    std::initializer_list<std::pair<std::string_view, std::string_view>> members);

}  // namespace otpd::api::test
