#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "api/running_server.hpp"
#include "system/http_connection.hpp"

namespace otpd::dialects::test {

inline constexpr std::string_view json = "application/json";
inline constexpr std::string_view form = "application/x-www-form-urlencoded";
inline constexpr std::string_view multipart = "multipart/form-data; boundary=xYz";

// Status and body of an answer, literally; headers beside them.
struct reply {
  int status = 0;
  std::string body;
  std::string head;

  // The value of a header; empty: there is none.
  [[nodiscard]] std::string field(std::string_view name) const;
  // The cookie that it sets, as a request's header line with its CR LF; empty: none.
  [[nodiscard]] std::string cookie() const;
  // A text member of the JSON body.
  [[nodiscard]] std::string text(std::string_view name) const;
};

// How a failing test shows one.
[[nodiscard]] std::string show(const reply& what);

// A whole otpd with all dialects; text messages and e-mail go to a sink.
class dialect_server {
 public:
  explicit dialect_server(const std::string& tables = {}, const std::function<void(config&)>& change = {});

  // `fields`: whole header lines, each with its CR LF.
  reply post(std::string_view path, std::string_view body, std::string_view type = json,
             std::string_view fields = {});
  reply ask(std::string_view method, std::string_view path, std::string_view fields = {},
            std::string_view body = {}, std::string_view type = {});
  reply administer(std::string_view path, std::string_view body);

  [[nodiscard]] std::string code_for(const std::string& to) { return server_.code_for(to); }
  // One of the same form that was not sent.
  [[nodiscard]] std::string wrong_code_for(const std::string& to) { return server_.wrong_code_for(to); }
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] application& otpd() { return server_.otpd(); }

 private:
  api::test::running_server server_;
};

// A request's text, framed.
[[nodiscard]] std::string request_text(std::string_view method, std::string_view path,
                                       std::string_view fields, std::string_view body, std::string_view type);

// Literally: status and body.
[[nodiscard]] testing::AssertionResult is_reply(const char*, const char*, const char*, const reply& what,
                                                int status, const std::string& body);

}  // namespace otpd::dialects::test

#define EXPECT_REPLY(what, status, body) \
  EXPECT_PRED_FORMAT3(otpd::dialects::test::is_reply, what, status, body)
