// RELIABILITY A17, A18: a body is one JSON object within bounds, or it is refused.

#include "json/object.hpp"

#include <gtest/gtest.h>

#include <random>

namespace {

namespace json = otpd::json;
using fault = json::object::fault;
using namespace std::string_literals;

fault parse(const std::string& text) {
  json::object object;
  return object.parse(text);
}

std::string members(std::size_t count) {
  std::string out = "{";
  for (std::size_t i = 0; i < count; ++i)
    out += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":1";
  return out + "}";
}

std::string nested(std::size_t depth, char open, char close) {
  // The object itself is the first level.
  return "{\"a\":" + std::string(depth - 1, open) + std::string(depth - 1, close) + "}";
}

TEST(JsonObject, SeesEachMemberAsItIs) {
  json::object object;
  ASSERT_EQ(
      object.parse(
          R"( {"s":"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00","n":-1.5e3,"t":true,"f":false,"z":null,"a":[1,"x",{"b":2}],"o":{"c":"d"},"":""} )"),
      fault::none);
  ASSERT_EQ(object.members().size(), 8u);
  EXPECT_EQ(object.find("s")->kind, json::kind::string);
  EXPECT_EQ(object.find("s")->text, "a\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80");
  EXPECT_EQ(object.find("n")->kind, json::kind::number);
  EXPECT_EQ(object.find("n")->text, "-1.5e3");
  EXPECT_EQ(object.find("t")->kind, json::kind::boolean);
  EXPECT_EQ(object.find("t")->text, "true");
  EXPECT_EQ(object.find("f")->text, "false");
  EXPECT_EQ(object.find("z")->kind, json::kind::null);
  EXPECT_EQ(object.find("a")->kind, json::kind::array);
  EXPECT_EQ(object.find("o")->kind, json::kind::object);
  EXPECT_EQ(object.find("")->text, "");
  EXPECT_EQ(object.find("b"), nullptr);
  EXPECT_EQ(object.find("c"), nullptr);
}

TEST(JsonObject, DoesNotMixWhatIsNestedIntoWhatFollows) {
  json::object object;
  ASSERT_EQ(object.parse(R"({"a":["x",{"to":"evil"}],"to":"me","b":{"code":"1"},"code":"2"})"), fault::none);
  EXPECT_EQ(object.find("to")->text, "me");
  EXPECT_EQ(object.find("code")->text, "2");
}

TEST(JsonObject, ForgetsThePreviousBody) {
  json::object object;
  ASSERT_EQ(object.parse(R"({"a":"1","b":"2"})"), fault::none);
  ASSERT_EQ(object.parse("{}"), fault::none);
  EXPECT_TRUE(object.members().empty());
  EXPECT_EQ(object.find("a"), nullptr);
}

TEST(JsonObject, RefusesEveryOtherDocument) {
  for (const char* text : {"",
                           " ",
                           "[]",
                           "1",
                           "\"x\"",
                           "true",
                           "null",
                           "[{\"a\":1}]",
                           "{} {}",
                           "{},",
                           "{}x",
                           "x{}",
                           "{\"a\":1}}",
                           "{'a':1}",
                           "{a:1}",
                           "{\"a\":1,}",
                           "{,}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":01}",
                           "{\"a\":+1}",
                           "{\"a\":.5}",
                           "{\"a\":NaN}",
                           "{\"a\":Infinity}",
                           "{\"a\":0x10}",
                           "{\"a\":1 \"b\":2}",
                           "{\"a\":1}//c",
                           "/*c*/{\"a\":1}",
                           "{\"a\":\"\t\"}",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\u12\"}",
                           "{\"a\":tru}",
                           "{\"a\":True}",
                           "{\"a\":[1,]}",
                           "\v{}",
                           "\xc2\xa0{}"}) {
    EXPECT_EQ(parse(text), fault::invalid) << text;
  }
  EXPECT_EQ(parse("{}\0"s), fault::invalid);
  EXPECT_EQ(parse("\0{}"s), fault::invalid);
}

TEST(JsonObject, RefusesAMemberThatAppearsTwice) {
  EXPECT_EQ(parse(R"({"code":"111111","code":"222222"})"), fault::duplicate);
  EXPECT_EQ(parse(R"({"code":"1","x":2,"co\u0064e":"1"})"), fault::duplicate);
  EXPECT_EQ(parse(R"({"":1,"":2})"), fault::duplicate);
  EXPECT_EQ(parse(R"({"a":[1],"a":)"), fault::duplicate);
  EXPECT_EQ(parse(R"({"code":"1","Code":"1","code ":"1","code\u0000":"1"})"), fault::none);
}

TEST(JsonObject, IsEightDeep) {
  EXPECT_EQ(parse(nested(8, '[', ']')), fault::none);
  EXPECT_EQ(parse(nested(9, '[', ']')), fault::invalid);
  EXPECT_EQ(parse(R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}})"), fault::none);
  EXPECT_EQ(parse(R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}})"), fault::invalid);
  EXPECT_EQ(parse("{\"a\":" + std::string(100'000, '[')), fault::invalid);
}

TEST(JsonObject, HasThirtyTwoMembers) {
  EXPECT_EQ(parse(members(32)), fault::none);
  EXPECT_EQ(parse(members(33)), fault::invalid);
}

TEST(JsonObject, HasStringsOfOneKibibyte) {
  const std::string most(1024, 'x');
  EXPECT_EQ(parse("{\"a\":\"" + most + "\"}"), fault::none);
  EXPECT_EQ(parse("{\"a\":\"" + most + "x\"}"), fault::invalid);
  EXPECT_EQ(parse("{\"" + most + "\":1}"), fault::none);
  EXPECT_EQ(parse("{\"" + most + "x\":1}"), fault::invalid);
  EXPECT_EQ(parse("{\"a\":[\"" + most + "x\"]}"), fault::invalid);
  std::string escaped;
  for (int i = 0; i < 512; ++i)
    escaped += "\\u00e9";  // two bytes each
  EXPECT_EQ(parse("{\"a\":\"" + escaped + "\"}"), fault::none);
  EXPECT_EQ(parse("{\"a\":\"" + escaped + "\\u00e9\"}"), fault::invalid);
}

TEST(JsonObject, EndsEarlyInAFloodOfKeys) {
  std::string flood = "{";
  for (int i = 0; flood.size() < 16'000; ++i)
    flood += "\"k" + std::to_string(i) + "\":0,";
  flood += "\"z\":0}";
  EXPECT_EQ(parse(flood), fault::invalid);
}

TEST(JsonObject, TakesNumbersOfAnyLength) {
  for (const std::string& number :
       {std::string(15'000, '9'), "0." + std::string(15'000, '1'), "-" + std::string(400, '1') + "E-400"s}) {
    json::object object;
    ASSERT_EQ(object.parse("{\"n\":" + number + "}"), fault::none) << number.size();
    EXPECT_EQ(object.find("n")->kind, json::kind::number);
    EXPECT_EQ(object.find("n")->text, number);
  }
}

TEST(JsonObject, RefusesWhatIsNoUtf8) {
  for (const std::string& bytes :
       {"\x80"s, "\xbf"s, "\xc0\xaf"s, "\xc1\xbf"s, "\xc3"s, "\xe0\x80\xaf"s, "\xe2\x82"s, "\xed\xa0\x80"s,
        "\xed\xbf\xbf"s, "\xf0\x80\x80\xaf"s, "\xf0\x9f\x98"s, "\xf4\x90\x80\x80"s, "\xf8\x88\x80\x80\x80"s,
        "\xfe"s, "\xff"s}) {
    EXPECT_EQ(parse("{\"a\":\"" + bytes + "\"}"), fault::invalid);
    EXPECT_EQ(parse("{\"" + bytes + "\":1}"), fault::invalid);
    EXPECT_EQ(parse("{\"a\":[\"" + bytes + "\"]}"), fault::invalid);
    EXPECT_EQ(parse(bytes + "{}"), fault::invalid);
    EXPECT_EQ(parse("{}" + bytes), fault::invalid);
  }
}

TEST(JsonObject, RefusesLoneSurrogatesAndAByteOrderMark) {
  for (const char* text :
       {R"({"a":"\ud800"})", R"({"a":"\udc00"})", R"({"a":"\ud800\ud800"})", R"({"a":"\ud800x"})",
        R"({"a":"\udc00\ud800"})", R"({"\ud800":1})", R"({"a":"\uD800\u0041"})", "\xef\xbb\xbf{}"}) {
    EXPECT_EQ(parse(text), fault::invalid) << text;
  }
}

TEST(JsonObject, KeepsAnEscapedNul) {
  json::object object;
  ASSERT_EQ(object.parse(R"({"code":"123456\u0000","c\u0000":"x"})"), fault::none);
  EXPECT_EQ(object.find("code")->text, "123456\0"s);
  EXPECT_EQ(object.find("c\0"s)->text, "x");
  EXPECT_EQ(parse("{\"a\":\"\0\"}"s), fault::invalid);
}

// What every walk below starts from: all kinds of values, escapes and white space.
const std::string valid =
    "\t{ \"to\" : \"+14155550123\", \"x\":[1,-2.5e3,{\"y\":null}], "
    "\"\\u00e9\\ud83d\\ude00\":true,\r\n\"z\":\"\xc3\xa9\\n\", \"e\":{} }";

TEST(JsonObject, RefusesEveryTruncation) {
  ASSERT_EQ(parse(valid), fault::none);
  for (std::size_t size = 0; size < valid.size(); ++size)
    EXPECT_NE(parse(valid.substr(0, size)), fault::none) << valid.substr(0, size);
}

TEST(JsonObject, SurvivesAWalkOfMutations) {
  json::object object;
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    std::string text = valid;
    for (int step = 0; step < 100; ++step) {
      const std::size_t at = random() % (text.size() + 1);
      switch (random() % 4) {
        case 0:
          text.insert(at, 1, static_cast<char>(random()));
          break;
        case 1:
          text.erase(at, random() % 4);
          break;
        case 2:
          text.insert(at, text.substr(random() % (text.size() + 1), random() % 12));
          break;
        default:
          if (at < text.size()) text[at] = "{}[]\",:\\u0e-. \t"[random() % 15];
      }
      // On the heap and exactly as long, so that a sanitizer sees a read beyond the end.
      const std::vector<char> bytes(text.begin(), text.end());
      if (object.parse({bytes.data(), bytes.size()}) != fault::none) continue;
      ASSERT_LE(object.members().size(), json::object::max_members) << "seed " << seed;
      for (const auto& each : object.members()) {
        ASSERT_LE(each.name.size(), json::object::max_text) << "seed " << seed;
        ASSERT_EQ(object.find(each.name), &each) << "seed " << seed;
      }
    }
  }
}

}  // namespace
