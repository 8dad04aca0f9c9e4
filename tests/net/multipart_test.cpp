#include "net/multipart.hpp"

#include <gtest/gtest.h>

namespace otpd::net {
namespace {

constexpr std::string_view type = "multipart/form-data; boundary=b";

std::string part(const std::string& head, const std::string& value) {
  return "--b\r\n" + head + "\r\n\r\n" + value + "\r\n";
}
std::string named(const std::string& name, const std::string& value) {
  return part("Content-Disposition: form-data; name=\"" + name + "\"", value);
}

TEST(Multipart, ReadsFieldsInTheirOrder) {
  EXPECT_EQ(parse_multipart(type, named("a", "1") + named("b", "") + "--b--\r\n"),
            (form{{"a", "1"}, {"b", ""}}));
  EXPECT_EQ(parse_multipart(type, "--b--"), form{});
  EXPECT_EQ(parse_multipart(type, named("a", "x\r\ny\r\n") + "--b--"), (form{{"a", "x\r\ny\r\n"}}));
  EXPECT_EQ(parse_multipart(type, named("a", "x --b in a line") + "--b--"), (form{{"a", "x --b in a line"}}));
  EXPECT_EQ(parse_multipart("multipart/form-data; charset=x; boundary=\"b\"", named("a", "1") + "--b--"),
            (form{{"a", "1"}}));
  EXPECT_EQ(
      parse_multipart(
          type, part("CONTENT-DISPOSITION: form-data; name=a\r\nContent-Type: text/plain", "1") + "--b--"),
      (form{{"a", "1"}}));
  EXPECT_EQ(parse_multipart(type, named("a\\\"b", "1") + "--b--"), (form{{"a\"b", "1"}}));
}

TEST(Multipart, LeavesFilesOut) {
  const std::string file = part("Content-Disposition: form-data; name=\"f\"; filename=\"x.txt\"", "content");
  EXPECT_EQ(parse_multipart(type, file + named("a", "1") + "--b--"), (form{{"a", "1"}}));
}

TEST(Multipart, RefusesWhatIsNotFramed) {
  const std::string whole = named("a", "1") + "--b--";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_multipart(type, whole.substr(0, size))) << size;
  for (const std::string& body :
       {part("Content-Disposition: form-data", "1") + "--b--", part("X: y", "1") + "--b--",
        part("Content-Disposition: form-data; name=\"\"", "1") + "--b--",
        std::string("--b\r\n\r\n1\r\n--b--"), std::string("x\r\n") + whole,
        part("Content-Disposition: form-data; name=\"a", "1") + "--b--"})
    EXPECT_FALSE(parse_multipart(type, body)) << body;
  for (const char* other :
       {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"b"})
    EXPECT_FALSE(parse_multipart(other, whole)) << other;
  EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=" + std::string(71, 'b'), whole));
}

TEST(Multipart, IsBounded) {
  std::string many;
  for (std::size_t i = 0; i < max_form_fields; ++i)
    many += named("a", "1");
  EXPECT_EQ(parse_multipart(type, many + "--b--")->size(), max_form_fields);
  EXPECT_FALSE(parse_multipart(type, many + named("a", "1") + "--b--"));
  EXPECT_FALSE(parse_multipart(type, named("a", std::string(max_form_value + 1, 'x')) + "--b--"));
  EXPECT_FALSE(parse_multipart(type, named(std::string(max_form_name + 1, 'x'), "1") + "--b--"));
}

}  // namespace
}  // namespace otpd::net
