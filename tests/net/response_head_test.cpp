#include "net/response_head.hpp"

#include <gtest/gtest.h>

namespace otpd::net {
namespace {

constexpr std::string_view date = "Sun, 06 Nov 1994 08:49:37 GMT";

std::string answer_of(const response& answer, answer_form form = {}) {
  std::string out = "before";
  append_answer(out, answer, form, date);
  return out.substr(6);
}

TEST(HttpDate, IsAnImfFixdate) {
  http_date d;
  EXPECT_EQ(d.text(784111777), date);
  EXPECT_EQ(d.text(784111777), date);
  EXPECT_EQ(d.text(784111778), "Sun, 06 Nov 1994 08:49:38 GMT");
  EXPECT_EQ(d.text(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(d.text(1709164800), "Thu, 29 Feb 2024 00:00:00 GMT");
  EXPECT_EQ(d.text(4102444799), "Thu, 31 Dec 2099 23:59:59 GMT");
}

TEST(Answer, IsWrittenWhole) {
  response r;
  r.status = 201;
  r.content_type = "application/json";
  r.body = "{}";
  r.add_field("Location", "/v1/x");
  EXPECT_EQ(answer_of(r),
            "HTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: "
            "application/json\r\nContent-Length: 2\r\n"
            "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nLocation: /v1/x\r\n\r\n{}");
}

TEST(Answer, SaysWhetherTheConnectionStays) {
  const response r;
  EXPECT_EQ(answer_of(r, {false, true, true}).find("Connection"), std::string::npos);
  EXPECT_NE(answer_of(r, {false, true, false}).find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_NE(answer_of(r, {false, false, true}).find("\r\nConnection: keep-alive\r\n"), std::string::npos);
  EXPECT_NE(answer_of(r, {false, false, false}).find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST(Answer, LeavesTheBodyOutWhereThereIsNone) {
  response r;
  r.body = "body";
  r.content_type = "text/plain";
  const auto head = answer_of(r, {true, true, true});
  EXPECT_NE(head.find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  for (const unsigned status : {204U, 304U}) {
    r.status = status;
    const auto text = answer_of(r);
    EXPECT_EQ(text.find("Content-"), text.find("Content-Type-Options"));
    EXPECT_TRUE(text.ends_with("\r\n\r\n"));
  }
}

TEST(Answer, KeepsTheHandlersCacheControl) {
  response r;
  r.add_field("X-A", "cache-control: no");
  EXPECT_NE(answer_of(r).find("\r\nCache-Control: no-store\r\n"), std::string::npos);
  r.add_field("cache-CONTROL", "public, max-age=60");
  EXPECT_EQ(answer_of(r).find("no-store"), std::string::npos);
}

TEST(Answer, IsEmptyAgainAfterClear) {
  response r;
  r.status = 500;
  r.content_type = "x";
  r.body = "y";
  r.close = true;
  r.add_field("A", "b");
  r.clear();
  EXPECT_EQ(answer_of(r), answer_of(response{}));
  EXPECT_FALSE(r.close);
}

TEST(Request, FindsItsFields) {
  const field fields[] = {{"Host", "a"}, {"X-A", "1"}, {"x-a", "2"}};
  request r;
  r.fields = fields;
  EXPECT_EQ(r.field_value("HOST"), "a");
  EXPECT_EQ(r.field_value("X-a"), "1");
  EXPECT_EQ(r.field_count("x-A"), 2U);
  EXPECT_EQ(r.field_value("X"), "");
  EXPECT_EQ(r.field_count("X"), 0U);
}

}  // namespace
}  // namespace otpd::net
