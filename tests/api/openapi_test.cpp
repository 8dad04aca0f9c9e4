// docs/openapi.yaml and docs/api.md against the code.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>

#include "api/hooks.hpp"
#include "api/native_route.hpp"
#include "api/openapi.hpp"
#include "api/openapi_document.hpp"
#include "api/problem.hpp"
#include "api/token_calls.hpp"

namespace {

using namespace otpd;
using api::test::openapi_document;

std::string read_document(const std::string& name) {
  std::ifstream in(std::string(OTPD_SOURCE_DIR) + "/docs/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string name_of(net::method method) {
  switch (method) {
    case net::method::get:
      return "GET";
    case net::method::post:
      return "POST";
    case net::method::del:
      return "DELETE";
    default:
      return "?";
  }
}

std::set<std::string> known_codes() {
  const auto all = api::problem_codes();
  return {all.begin(), all.end()};
}

unsigned status_of(std::string_view code) {
  net::response out;
  api::answer_problem({code}, out);
  return out.status;
}

class OpenApi : public testing::Test {
 protected:
  const openapi_document document{read_document("openapi.yaml")};
};

TEST_F(OpenApi, IsCompiledInByteForByte) {
  EXPECT_EQ(api::openapi_text(), read_document("openapi.yaml"));
}

TEST_F(OpenApi, HasEveryRouteAndNoOther) {
  std::set<openapi_document::operation> served;
  for (const auto& each : api::native_routes)
    served.insert({name_of(each.method), std::string(each.path)});
  for (const auto& each : api::hook_routes)
    served.insert({name_of(each.method), std::string(each.path)});
  for (const auto& each : api::token_routes)
    served.insert({name_of(each.method), std::string(each.path)});
  EXPECT_EQ(document.operations(), served);
}

TEST_F(OpenApi, HasEveryProblemCodeAndNoOther) {
  EXPECT_EQ(document.values_of("ProblemCode"), known_codes());
  // Of what is no operation, and of the administration listener's pages.
  std::set<std::string> given{"not_found",        "method_not_allowed", "invalid_form", "cross_site",
                              "host_not_allowed", "account_not_found",  "address_taken"};
  for (const auto& operation : document.operations())
    given.merge(document.codes(operation));
  EXPECT_EQ(given, known_codes());
}

TEST_F(OpenApi, PutsEveryCodeUnderItsStatus) {
  for (const auto& operation : document.operations()) {
    for (const int status : document.statuses(operation)) {
      const auto codes = document.codes(operation, status);
      EXPECT_EQ(status >= 400, !codes.empty()) << operation.method << " " << operation.path << " " << status;
      for (const auto& code : codes)
        EXPECT_EQ(status_of(code), static_cast<unsigned>(status)) << operation.path << " " << code;
    }
  }
}

TEST_F(OpenApi, NamesTheHeadersThatAStatusNeeds) {
  const std::map<int, std::vector<std::string>> needed{
      {201, {"Location"}}, {401, {"WWW-Authenticate"}}, {429, {"Retry-After"}}, {503, {"Retry-After"}}};
  for (const auto& operation : document.operations()) {
    for (const int status : document.statuses(operation)) {
      const auto found = needed.find(status);
      const auto expected = found == needed.end() ? std::vector<std::string>() : found->second;
      EXPECT_EQ(document.required_headers(operation, status), expected) << operation.path << " " << status;
    }
  }
}

TEST_F(OpenApi, HasExamplesThatFitTheirSchemas) {
  for (const auto& each : document.example_faults())
    ADD_FAILURE() << each;
}

TEST_F(OpenApi, DescribesEveryMemberOfAProblem) {
  net::response out;
  api::problem all{"invalid_member"};
  all.member = "to";
  all.limit = "recipient";
  all.id = "9l2Yb8cRr0yQe1v0mJw5T3n7cQm4xZ0H";
  api::answer_problem(all, out);
  for (const auto& each : document.members_of("Problem"))
    EXPECT_NE(out.body.find("\"" + each + "\":"), std::string::npos) << each;
  EXPECT_EQ(document.members_of("Problem").size(), 7u);
}

// The rows of docs/api.md: | status | `code`, `code` | when |
std::map<std::string, unsigned> codes_of_the_manual() {
  std::map<std::string, unsigned> out;
  static const std::regex row(R"(^\| ([45][0-9][0-9]) \| ([^|]*) \|.*)");
  static const std::regex code("`([a-z_]+)`");
  std::istringstream lines(read_document("api.md"));
  for (std::string line; std::getline(lines, line);) {
    std::smatch cells;
    if (!std::regex_match(line, cells, row)) continue;
    const std::string names = cells[2];
    for (std::sregex_iterator each(names.begin(), names.end(), code), end; each != end; ++each) {
      out[(*each)[1]] = static_cast<unsigned>(std::stoul(cells[1]));
    }
  }
  return out;
}

TEST(Manual, ListsEveryProblemCodeWithItsStatus) {
  std::map<std::string, unsigned> real;
  for (const auto code : api::problem_codes())
    real[std::string(code)] = status_of(code);
  EXPECT_EQ(codes_of_the_manual(), real);
}

TEST(Manual, ShowsAVerificationAsItIs) {
  const openapi_document document(read_document("openapi.yaml"));
  const std::string text = read_document("api.md");
  const auto begin = text.find("```json\n") + 8;
  const std::string example = text.substr(begin, text.find("```", begin) - begin);
  for (const auto& each : document.members_of("Verification")) {
    EXPECT_NE(example.find("\"" + each + "\""), std::string::npos) << each;
  }
  const auto lines = std::ranges::count(example, '\n');
  EXPECT_EQ(static_cast<std::size_t>(lines), document.members_of("Verification").size() + 2);
}

}  // namespace
