#include "api/dialects/request_data.hpp"

#include <gtest/gtest.h>

#include <array>

namespace otpd::api::dialects {
namespace {

using fault = request_data::fault;

fault read(request_data& data, std::string_view type, std::string_view body) {
  const std::array fields{net::field{"Content-Type", type}};
  net::request in;
  if (!type.empty()) in.fields = fields;
  in.body = body;
  return data.read(in);
}

constexpr std::string_view json = "application/json";
constexpr std::string_view form = "application/x-www-form-urlencoded";

TEST(RequestData, NoBodyIsNoMembers) {
  for (const std::string_view type : {"", "application/json", "text/plain", "multipart/form-data"}) {
    request_data data;
    ASSERT_EQ(read(data, json, R"({"a":"1"})"), fault::none);
    EXPECT_EQ(read(data, type, ""), fault::none) << type;
    EXPECT_FALSE(data.has("a")) << "what was read before is gone";
  }
}

TEST(RequestData, TextsAndNumbersHaveText) {
  request_data data;
  ASSERT_EQ(read(data, "Application/JSON ; charset=utf-8", R"({"s":"x\u00e9","n":012e,"q":1})"),
            fault::malformed);
  ASSERT_EQ(
      read(data, json, R"({"s":"x\u00e9","e":"","n":-1.50e3,"z":null,"t":true,"l":["x"],"o":{"s":"y"}})"),
      fault::none);
  EXPECT_EQ(data.text("s"), "xé");
  EXPECT_EQ(data.text("e"), "");
  EXPECT_EQ(data.text("n"), "-1.50e3");
  for (const char* name : {"z", "t", "l", "o"}) {
    EXPECT_EQ(data.text(name), std::nullopt) << name;
    EXPECT_TRUE(data.has(name)) << name;
    EXPECT_EQ(data.is_null(name), *name == 'z') << name;
  }
  EXPECT_TRUE(data.is_number("n"));
  EXPECT_FALSE(data.is_number("s"));
  for (const char* name : {"S", "absent", ""}) {
    EXPECT_EQ(data.text(name), std::nullopt);
    EXPECT_FALSE(data.has(name) || data.is_null(name) || data.is_number(name)) << name;
  }
}

TEST(RequestData, JsonIsOneStrictObject) {
  std::string many = "{";
  for (int i = 0; i < 33; ++i)
    many += (i == 0 ? "\"a" : ",\"a") + std::to_string(i) + "\":1";
  for (const std::string& body :
       {std::string("{"), std::string("[]"), std::string("1"), std::string("null"), std::string(" "),
        std::string(R"({"a":1,"a":1})"), std::string(R"({"a":1,"\u0061":1})"), std::string("{}{}"),
        std::string("\xef\xbb\xbf{}"), std::string("{\"a\":\"\xff\"}"), std::string("{'a':1}"), many + "}",
        "{\"a\":\"" + std::string(1025, 'x') + "\"}", "{\"a\":" + std::string(100'000, '[')}) {
    request_data data;
    EXPECT_EQ(read(data, json, body), fault::malformed) << body.substr(0, 50);
    EXPECT_EQ(data.detail().find("JSON parse error - "), 0U);
  }
}

TEST(RequestData, FormsOfBothKinds) {
  request_data data;
  ASSERT_EQ(read(data, form, "a=1&b=%2B1+2&a=3&c&=x&d=100%&e=é"), fault::none);
  EXPECT_EQ(data.text("a"), "3") << "the last one, as Django has it";
  EXPECT_EQ(data.text("b"), "+1 2");
  EXPECT_EQ(data.text("c"), "");
  EXPECT_EQ(data.text("d"), "100%");
  EXPECT_EQ(data.text("e"), "é");
  EXPECT_FALSE(data.is_number("a"));
  ASSERT_EQ(read(data, "multipart/form-data; boundary=x",
                 "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
                 "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"b\"\r\n\r\n2\r\n--x--\r\n"),
            fault::none);
  EXPECT_EQ(data.text("a"), "1");
  EXPECT_FALSE(data.has("f"));
  EXPECT_EQ(read(data, "multipart/form-data; boundary=x", "--x\r\n"), fault::malformed);
  EXPECT_EQ(data.detail().find("Multipart form parse error - "), 0U);
  EXPECT_EQ(read(data, form, "a=" + std::string(5000, 'x')), fault::malformed);
  EXPECT_EQ(data.detail(), "Malformed request.");
}

TEST(RequestData, OtherMediaTypesAreNamed) {
  const std::pair<std::string, std::string> table[] = {
      {"text/plain", "text/plain"},
      {"application/jsonx; q=1", "application/jsonx; q=1"},
      {"application/json, text/plain", "application/json, text/plain"},
      {"\xff", "ÿ"},
      {"", ""},
  };
  for (const auto& [type, named] : table) {
    request_data data;
    EXPECT_EQ(read(data, type, "{}"), fault::unsupported_media_type) << type;
    EXPECT_EQ(data.detail(), "Unsupported media type \"" + named + "\" in request.");
  }
}

}  // namespace
}  // namespace otpd::api::dialects
