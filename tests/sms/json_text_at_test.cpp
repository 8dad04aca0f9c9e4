#include "sms/json_text_at.hpp"

#include <gtest/gtest.h>

namespace otpd::sms {
namespace {

TEST(JsonTextAt, IsTheScalarThatThePointerNames) {
  const std::string document =
      R"({"a":"x","b":{"c":[1,-2,true,"\u00e9",null,{}]},"d/e":"s","m~n":"t","":"u"})";
  const std::pair<const char*, const char*> table[] = {
      {"/a", "x"},    {"/b/c/0", "1"}, {"/b/c/1", "-2"}, {"/b/c/2", "true"}, {"/b/c/3", "\xc3\xa9"},
      {"/d~1e", "s"}, {"/m~0n", "t"},  {"/", "u"},
  };
  for (const auto& [pointer, text] : table)
    EXPECT_EQ(json_text_at(document, pointer), text) << pointer;
  for (const char* pointer :
       {"", "/b", "/b/c", "/b/c/4", "/b/c/5", "/b/c/6", "/b/c/-", "/b/c/00", "/c", "/a/b", "/A"})
    EXPECT_FALSE(json_text_at(document, pointer)) << pointer;
  EXPECT_EQ(json_text_at("\"x\"", ""), "x");
}

TEST(JsonTextAt, IsNothingInWhatIsNoJson) {
  for (const char* document : {"", "{", R"({"a":"x"} y)", R"({"a":x})", R"({'a':"x"})", "a=x"})
    EXPECT_FALSE(json_text_at(document, "/a")) << document;
  const std::string deep = std::string(1000, '[') + std::string(1000, ']');
  EXPECT_FALSE(json_text_at("{\"a\":\"x\",\"b\":" + deep + "}", "/a"));
}

TEST(JsonPointer, IsRfc6901) {
  for (const char* good : {"", "/", "/a", "/a/0", "/~0~1", "/a b"})
    EXPECT_TRUE(is_json_pointer(good)) << good;
  for (const char* bad : {"a", "a/b", "/~", "/~2", "/a~", "~0"})
    EXPECT_FALSE(is_json_pointer(bad)) << bad;
}

}  // namespace
}  // namespace otpd::sms
