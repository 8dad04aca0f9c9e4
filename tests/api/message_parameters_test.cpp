#include "api/message_parameters.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/data_files.hpp"

namespace {

using namespace otpd;

struct outcome {
  std::vector<otp::message_value> values;
  net::response answer;
  bool is_read = false;

  std::string problem() const {
    if (is_read) return "none";
    const auto body = boost::json::parse(answer.body);
    return std::string{body.at("code").as_string()} + " " + std::string{body.at("member").as_string()};
  }
};

outcome read(const std::string& text) {
  json::object body{api::parameters_member};
  outcome out;
  EXPECT_EQ(body.parse(text), json::object::fault::none) << text;
  out.is_read = api::read_parameters(body, out.values, out.answer);
  return out;
}

// {"parameters": {NAME: "VALUE"}}, escaped as JSON asks.
std::string body_of(std::string_view name, std::string_view value) {
  const boost::json::object inner{{name, value}};
  return boost::json::serialize(boost::json::object{{api::parameters_member, inner}});
}

TEST(MessageParameters, AreCopiedInOrder) {
  const auto out = read(R"({"to":"x","parameters":{"order":"A\u00e9\n","":"x"}})");
  EXPECT_EQ(out.problem(), "invalid_member parameters");
  const auto good = read(R"({"to":"x","parameters":{"order":"A\u00e9\n","my_shop":""},"order":"y"})");
  ASSERT_TRUE(good.is_read);
  ASSERT_EQ(good.values.size(), 2u);
  EXPECT_EQ(good.values[0].name, "order");
  EXPECT_EQ(good.values[0].value, "A\u00e9\n");
  EXPECT_EQ(good.values[1].name, "my_shop");
  EXPECT_EQ(good.values[1].value, "");
}

TEST(MessageParameters, MayBeAbsentOrNone) {
  for (const char* text : {"{}", R"({"to":"x"})", R"({"parameters":{}})"}) {
    const auto out = read(text);
    EXPECT_TRUE(out.is_read) << text;
    EXPECT_TRUE(out.values.empty()) << text;
  }
}

TEST(MessageParameters, AreAnObjectOfEightShortStrings) {
  struct row {
    std::string text;
    const char* problem;
  };
  const auto many = [](char last) {
    std::string out = "{\"parameters\":{";
    for (char c = 'a'; c <= last; ++c)
      out += std::string{c == 'a' ? "\"" : ",\""} + c + "\":\"1\"";
    return out + "}}";
  };
  const row rows[] = {
      {R"({"parameters":null})", "invalid_member parameters"},
      {R"({"parameters":"a"})", "invalid_member parameters"},
      {R"({"parameters":1})", "invalid_member parameters"},
      {R"({"parameters":true})", "invalid_member parameters"},
      {R"({"parameters":[]})", "invalid_member parameters"},
      {R"({"parameters":[{"a":"1"}]})", "invalid_member parameters"},
      {R"({"parameters":{"a":1}})", "invalid_member parameters.a"},
      {R"({"parameters":{"a":null}})", "invalid_member parameters.a"},
      {R"({"parameters":{"a":true}})", "invalid_member parameters.a"},
      {R"({"parameters":{"a":["1"]}})", "invalid_member parameters.a"},
      {R"({"parameters":{"a":{"$gt":""}}})", "invalid_member parameters.a"},
      {R"({"parameters":{"b":"1","a":{}}})", "invalid_member parameters.a"},
      {R"({"parameters":{"A":"1"}})", "invalid_member parameters"},
      {R"({"parameters":{"a1":"1"}})", "invalid_member parameters"},
      {R"({"parameters":{"a-b":"1"}})", "invalid_member parameters"},
      {R"({"parameters":{"a\u0000":"1"}})", "invalid_member parameters"},
      {R"({"parameters":{"__proto__":"1"}})", "none"},
      {body_of(std::string(20, 'a'), "1"), "none"},
      {body_of(std::string(21, 'a'), "1"), "invalid_member parameters"},
      {body_of("a", std::string(160, 'x')), "none"},
      {body_of("a", std::string(161, 'x')), "invalid_member parameters.a"},
      {many('h'), "none"},
      {many('i'), "invalid_member parameters"},
  };
  for (const row& each : rows) {
    const auto out = read(each.text);
    EXPECT_EQ(out.problem(), each.problem) << each.text;
    if (!out.is_read) {
      EXPECT_EQ(out.answer.status, 422u) << each.text;
      EXPECT_TRUE(out.values.empty()) << each.text;
    }
  }
}

TEST(MessageParameters, NaughtyStringsAreReadAsTheyAre) {
  const auto list = api::test::read_naughty_strings();
  if (list.empty()) GTEST_SKIP() << "../shared/data/blns.json is absent";
  for (const auto& each : list) {
    const auto value = read(body_of("a", each));
    ASSERT_EQ(value.is_read, each.size() <= 160) << each;
    if (value.is_read) {
      EXPECT_EQ(value.values.at(0).value, each);
    }
    const auto name = read(body_of(each, "1"));
    const bool is_name = !each.empty() && each.size() <= 20 &&
                         each.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
    EXPECT_EQ(name.problem(), is_name ? "none" : "invalid_member parameters") << each;
  }
}

TEST(MessageParameters, AFaultOfTheTextsIsAProblem) {
  using otp::parameter_fault;
  const std::pair<parameter_fault, const char*> rows[] = {
      {parameter_fault::unknown, "unknown_member parameters.order"},
      {parameter_fault::invalid, "invalid_member parameters.order"},
      {parameter_fault::missing, "missing_member parameters.order"}};
  for (const auto& [fault, problem] : rows) {
    outcome out;
    EXPECT_FALSE(api::refuse_parameter({fault, "order"}, out.answer));
    EXPECT_EQ(out.problem(), problem);
    EXPECT_EQ(out.answer.status, 422u);
  }
}

}  // namespace
