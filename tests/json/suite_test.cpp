// nst/JSONTestSuite against our bounded objects, and against Boost.JSON's own reading of the same files.

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "api/data_files.hpp"
#include "json/object.hpp"

namespace {

using otpd::api::test::json_suite;
namespace json = otpd::json;
using fault = json::object::fault;

class JsonSuite : public testing::Test {
 protected:
  const json_suite suite = otpd::api::test::read_json_suite();
};

bool is_object(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{';
}

TEST_F(JsonSuite, IsWhole) {
  if (!suite.is_whole)
    GTEST_SKIP() << "../shared/data/json-test-suite is absent: only the files of tests/data are read";
  EXPECT_EQ(suite.files.size(), 318u);
}

TEST_F(JsonSuite, EveryValidObjectIsRead) {
  std::size_t seen = 0;
  for (const auto& [name, text] : suite.files) {
    if (!name.starts_with("y_")) continue;
    json::object object;
    const fault said = object.parse(text);
    if (!is_object(text)) {
      EXPECT_EQ(said, fault::invalid) << name << " is no object";
      continue;
    }
    ++seen;
    const bool repeats = name.find("duplicated_key") != std::string::npos;
    EXPECT_EQ(said, repeats ? fault::duplicate : fault::none) << name;
  }
  EXPECT_GE(seen, 12u);
}

TEST_F(JsonSuite, EveryInvalidDocumentIsRefused) {
  std::size_t seen = 0;
  for (const auto& [name, text] : suite.files) {
    if (!name.starts_with("n_")) continue;
    ++seen;
    json::object object;
    EXPECT_EQ(object.parse(text), fault::invalid) << name;
  }
  EXPECT_GE(seen, 60u);
}

TEST_F(JsonSuite, EveryDocumentInsideAMemberIsReadAsBoostReadsIt) {
  for (const auto& [name, text] : suite.files) {
    if (text.size() > 1000 || name.find("n_structure") == 0)
      continue;  // those can complete the object around them
    const std::string inside = "{\"a\":" + text + "}";
    boost::json::error_code ec;
    boost::json::parse_options strict;
    strict.max_depth = json::object::max_depth;
    static_cast<void>(boost::json::parse(inside, ec, {}, strict));
    json::object object;
    EXPECT_EQ(object.parse(inside) == fault::none, !ec) << name;
  }
}

}  // namespace
