#include "system/vendor_cases.hpp"

#include <gtest/gtest.h>

#include "system/recipients.hpp"

namespace otpd::test {

namespace {

using end = vendor_answer::end;

vendor_answer begun(std::string_view bytes, end then) {
  return {std::string(bytes), then};
}

// Over the 64 KiB that are taken of an answer.
vendor_answer huge() {
  return answer_of(201, "\"" + std::string(100'000, 'x') + "\"");
}

}  // namespace

std::vector<vendor_case> common_cases() {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  // Not the vendor's words: the status alone says what it means, and the body is not looked at.
  const std::string no_json = "<html>nothing to read</html>";
  return {
      {"slow", begun("", end::hang), "unknown", 1, "timeout = \"300ms\"\n"},
      {"slow-body", begun(head + "Content-Length: 9\r\n\r\n[", end::hang), "unknown", 1,
       "timeout = \"300ms\"\n"},
      {"no-answer", begun("", end::close), "unknown"},
      {"reset", begun("", end::reset), "unknown"},
      {"half-head", begun("HTTP/1.1 20", end::close), "unknown"},
      {"no-body", begun(head + "Content-Length: 900\r\n\r\n", end::close), "unknown"},
      {"half-body", begun(head + "Content-Length: 900\r\n\r\n[{\"status\":", end::close), "unknown"},
      {"half-chunk", begun(head + "Transfer-Encoding: chunked\r\n\r\n40\r\n[{\"", end::close), "unknown"},
      {"not-http", begun("220 mail.example ESMTP\r\n\r\n", end::close), "unknown"},
      {"huge", huge(), "unknown"},
      {"500", answer_of(500, no_json), "unknown"},
      {"502", answer_of(502, ""), "unknown"},
      {"503", answer_of(503, no_json), "unknown"},
      {"503-later", answer_of(503, "", "Retry-After: 60\r\n"), "unavailable"},
      {"429", answer_of(429, no_json), "rate_limited", 2},
      {"429-later", answer_of(429, "", "Retry-After: 60\r\n"), "rate_limited"},
      {"401", answer_of(401, no_json), "misconfigured"},
      {"402", answer_of(402, ""), "out_of_credit"},
      {"302", answer_of(302, "", "Location: https://127.0.0.1:1/\r\n"), "misconfigured"},
      {"404", answer_of(404, no_json), "rejected"},
  };
}

void expect_told(const http_answer& issued, const delivery_server& server, std::string_view outcome) {
  const std::string id = issued.text("id");
  ASSERT_FALSE(id.empty()) << issued.body;
  if (outcome == "accepted" || outcome == "unknown") {
    const std::string state = outcome == "accepted" ? "sent" : "unknown";
    EXPECT_EQ(issued.status, 201) << issued.body;
    EXPECT_EQ(issued.text("delivery"), state);
    EXPECT_EQ(server.delivery_of(id), state);
  } else {
    EXPECT_EQ(issued.status, 502) << issued.body;
    EXPECT_EQ(issued.text("code"), "delivery_failed");
    EXPECT_EQ(server.delivery_of(id), "failed");
  }
}

void expect_cases(const std::string& vendor, const std::vector<vendor_case>& cases,
                  const vendor_stub::answerer& usual) {
  const auto number = [](std::size_t i) { return phone_number(static_cast<int>(i)); };
  delivery_server server;
  const identity who = server.identity_of_stub();
  vendor_stub stub(who, [&](const vendor_request& request) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const vendor_answer& answer = cases[i].answer;
      const bool is_usual = answer.bytes.empty() && answer.then == end::keep;
      if (request.body.find(number(i).substr(1)) != request.body.npos && !is_usual) return answer;
    }
    return usual(request);
  });
  for (std::size_t i = 0; i < cases.size(); ++i) {
    server.provider(cases[i].name, vendor, stub.url(), cases[i].lines);
    server.route(number(i), {cases[i].name});
  }
  ASSERT_NO_THROW(server.start());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE(vendor + ": " + cases[i].name);
    expect_told(server.issue(number(i)), server, cases[i].outcome);
    EXPECT_EQ(stub.requests_with(number(i).substr(1)).size(), cases[i].attempts);
    EXPECT_EQ(server.attempts(cases[i].name, cases[i].outcome), cases[i].attempts);
  }
}

}  // namespace otpd::test
