// RELIABILITY A17, A18: the one object within a body that is read as well.

#include <gtest/gtest.h>

#include <vector>

#include "json/object.hpp"

namespace {

namespace json = otpd::json;
using fault = json::object::fault;

fault parse(const std::string& text) {
  json::object object{"in"};
  return object.parse(text);
}

// "name=text" of each.
std::vector<std::string> listed(std::span<const json::object::member> members) {
  std::vector<std::string> out;
  for (const auto& each : members)
    out.push_back(std::string{each.name} + "=" + std::string{each.text});
  return out;
}

using texts = std::vector<std::string>;

TEST(JsonInner, IsSeenBesideWhatStandsAroundIt) {
  json::object object{"in"};
  ASSERT_EQ(object.parse(R"({"a":"1","in":{"a":"2","b\u00e9":"\n","n":-1.5,"t":true,"z":null},"b":"3"})"),
            fault::none);
  EXPECT_EQ(listed(object.members()), (texts{"a=1", "in=", "b=3"}));
  EXPECT_EQ(listed(object.inner()), (texts{"a=2", "b\u00e9=\n", "n=-1.5", "t=true", "z="}));
  EXPECT_EQ(object.find("in")->kind, json::kind::object);
  EXPECT_EQ(object.inner()[0].kind, json::kind::string);
  EXPECT_EQ(object.inner()[2].kind, json::kind::number);
  EXPECT_EQ(object.inner()[3].kind, json::kind::boolean);
  EXPECT_EQ(object.inner()[4].kind, json::kind::null);
}

TEST(JsonInner, IsOneLevel) {
  json::object object{"in"};
  ASSERT_EQ(
      object.parse(R"({"in":{"a":{"in":{"x":"1"},"x":"2"},"b":[{"in":{"y":"3"}},"z"],"c":"4"},"d":"5"})"),
      fault::none);
  EXPECT_EQ(listed(object.members()), (texts{"in=", "d=5"}));
  EXPECT_EQ(listed(object.inner()), (texts{"a=", "b=", "c=4"}));
  EXPECT_EQ(object.inner()[0].kind, json::kind::object);
  EXPECT_EQ(object.inner()[1].kind, json::kind::array);
}

TEST(JsonInner, IsOnlyTheNamedObjectOfTheDocument) {
  json::object object{"in"};
  for (const char* text :
       {R"({"im":{"a":"1"}})", R"({"in":[{"a":"1"}]})",
        R"({"in":[{"a":"1"},"x",{"b":{"in":{}}},[{"c":"2"}]]})", R"({"in":"{}"})", R"({"in":null})",
        R"({"x":{"in":{"a":"1"}}})", R"({"x":[{"in":{"a":"1"}}]})", R"({"in":{}})", "{}"}) {
    ASSERT_EQ(object.parse(text), fault::none) << text;
    EXPECT_TRUE(object.inner().empty()) << text;
  }
  ASSERT_EQ(object.parse(R"({"i\u006e":{"a":"1"}})"), fault::none);
  EXPECT_EQ(listed(object.inner()), (texts{"a=1"}));
}

TEST(JsonInner, IsClosedUnlessAskedFor) {
  json::object object;
  ASSERT_EQ(object.parse(R"({"in":{"a":"1","a":"2"},"":{"a":"1"}})"), fault::none);
  EXPECT_TRUE(object.inner().empty());
}

TEST(JsonInner, IsForgottenWithItsBody) {
  json::object object{"in"};
  ASSERT_EQ(object.parse(R"({"in":{"a":"1"}})"), fault::none);
  ASSERT_EQ(object.parse(R"({"in":1})"), fault::none);
  EXPECT_TRUE(object.inner().empty());
  EXPECT_NE(object.parse(R"({"in":{"a":"1")"), fault::none);
  ASSERT_EQ(object.parse(R"({"a":"2"})"), fault::none);
  EXPECT_TRUE(object.inner().empty());
  EXPECT_EQ(object.find("a")->text, "2");
}

TEST(JsonInner, IsAsStrictAsTheDocument) {
  EXPECT_EQ(parse(R"({"in":{"a":"1","a":"2"}})"), fault::duplicate);
  EXPECT_EQ(parse(R"({"in":{"a":"1","\u0061":1}})"), fault::duplicate);
  EXPECT_EQ(parse(R"({"in":{"a":"1"},"in":{"b":"1"}})"), fault::duplicate);
  EXPECT_EQ(parse(R"({"in":{"a":"1"},"a":"1","in2":{"b":1,"b":2}})"), fault::none);
  for (const char* text :
       {R"({"in":{"a"}})", R"({"in":{"a":}})", R"({"in":{"a":1,}})", R"({"in":{a:1}})", R"({"in":{"a":01}})",
        R"({"in":{"a":"1"})", R"({"in":{"a":"\ud800"}})", R"({"in":{]})"})
    EXPECT_EQ(parse(text), fault::invalid) << text;
}

TEST(JsonInner, HasTheSameBounds) {
  const auto members = [](int count) {
    std::string out;
    for (int i = 0; i < count; ++i)
      out += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":1";
    return out;
  };
  EXPECT_EQ(parse("{\"in\":{" + members(32) + "}}"), fault::none);
  EXPECT_EQ(parse("{\"in\":{" + members(33) + "}}"), fault::invalid);
  EXPECT_EQ(parse("{\"in\":{" + members(32) + "}," + members(31) + "}"), fault::none);
  EXPECT_EQ(parse("{\"in\":{" + members(32) + "}," + members(32) + "}"), fault::invalid);
  const std::string most(1024, 'x');
  EXPECT_EQ(parse("{\"in\":{\"a\":\"" + most + "\"}}"), fault::none);
  EXPECT_EQ(parse("{\"in\":{\"a\":\"" + most + "x\"}}"), fault::invalid);
  EXPECT_EQ(parse("{\"in\":{\"" + most + "x\":1}}"), fault::invalid);
  EXPECT_EQ(parse("{\"in\":{\"a\":" + std::string(6, '[') + std::string(6, ']') + "}}"), fault::none);
  EXPECT_EQ(parse("{\"in\":{\"a\":" + std::string(7, '[') + std::string(7, ']') + "}}"), fault::invalid);
}

TEST(JsonInner, ViewsStayWhereTheyAre) {
  json::object object{"in"};
  std::string text = "{\"in\":{";
  for (int i = 0; i < 32; ++i)
    text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + (i % 2 == 0 ? "true" : "\"v\"");
  ASSERT_EQ(object.parse(text + "},\"a\":\"b\"}"), fault::none);
  for (int i = 0; i < 32; ++i) {
    EXPECT_EQ(object.inner()[static_cast<std::size_t>(i)].name, "k" + std::to_string(i));
    EXPECT_EQ(object.inner()[static_cast<std::size_t>(i)].text, i % 2 == 0 ? "true" : "v");
  }
}

}  // namespace
