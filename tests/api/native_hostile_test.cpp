// RELIABILITY A5, A14, A17, A18: whatever is sent, nothing succeeds that must not, nothing breaks, and every
// answer is one of ours.

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "api/code_variants.hpp"
#include "api/data_files.hpp"
#include "api/running_server.hpp"

namespace {

using namespace otpd::api::test;

const std::string ann = "+4915112345601";
const std::string bob = "+4915112345602";
const std::string collection = "/v1/verifications";

void expect_refused(const answer& seen, std::string_view about) {
  EXPECT_GE(seen.status, 400) << about << "\n" << seen.body;
  EXPECT_LT(seen.status, 500) << about << "\n" << seen.body;
}

class Hostile : public testing::Test {
 protected:
  running_server server;

  answer send(const std::string& path, const std::string& body) { return server.ask("POST", path, body); }
};

// Pending and used alike, and none of it costs an attempt.
TEST_F(Hostile, VariantsOfTheRightCodeAreWorthNothing) {
  const std::string id = server.start(ann);
  const std::string code = server.code_for(ann);
  const std::string path = collection + "/" + id + "/check";
  const auto all = variants(code);
  EXPECT_GE(all.size(), 60u);
  for (const auto& body : all)
    expect_refused(send(path, body), body);
  const answer right = server.check(id, code);
  EXPECT_EQ(right.number("valid"), 1);
  EXPECT_EQ(right.number("attempts_left"), 5) << "what was not judged costs nothing";
  for (const auto& body : all)
    expect_refused(send(path, body), body);
  expect_refused(server.check(id, code), "the code once more");
}

TEST_F(Hostile, VariantsAreWorthNothingByRecipientEither) {
  server.start(ann);
  const std::string code = server.code_for(ann);
  for (const auto& body : variants(code)) {
    if (!body.starts_with("{\"code\":") || body.find("\"to\"") != std::string::npos) continue;
    expect_refused(send(collection + "/check", "{\"to\":\"" + ann + "\"," + body.substr(1)), body);
  }
  EXPECT_EQ(send(collection + "/check", object({{"to", ann}, {"code", code}})).number("attempts_left"), 5);
}

TEST_F(Hostile, OtherMediaTypesAreNotRead) {
  const std::string id = server.start(ann);
  const std::string body = object({{"code", server.code_for(ann)}});
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/jsonx", "application/json+x", "application/problem+json", "text/json",
        "application /json", "application/", "json", "application/json, text/plain", "*/*", "application/*",
        "\"application/json\"", ";application/json"}) {
    const answer seen = server.ask_with_type("POST", collection + "/" + id + "/check", type, body);
    EXPECT_EQ(seen.code(), "unsupported_media_type") << type;
  }
  for (const char* type : {"application/json; charset=utf-8", "Application/JSON"}) {
    EXPECT_EQ(server.ask_with_type("POST", collection + "/" + id + "/resend", type, "{}").status, 200)
        << type;
  }
}

// Every call with a body, and each of its members.
struct field {
  std::string path;
  std::vector<std::pair<std::string, std::string>> members;
  std::string name;
};

std::vector<field> every_field(const std::string& id) {
  const std::vector<std::pair<std::string, std::string>> start{
      {"to", bob},           {"channel", "sms"}, {"profile", "default"},
      {"purpose", "verify"}, {"locale", "en"},   {"client_ip", "203.0.113.7"}};
  const std::vector<std::pair<std::string, std::string>> check{
      {"to", ann}, {"code", "000000"}, {"profile", "default"}, {"purpose", "verify"}};
  std::vector<field> out;
  for (const auto& each : start)
    out.push_back({collection, start, each.first});
  for (const auto& each : check)
    out.push_back({collection + "/check", check, each.first});
  out.push_back({collection + "/" + id + "/check", {{"code", ""}}, "code"});
  return out;
}

std::string body_with(const field& where, std::string_view value) {
  std::string out = "{";
  for (const auto& [name, usual] : where.members) {
    const std::string one = object({{name, name == where.name ? value : std::string_view(usual)}});
    out += (out.size() == 1 ? "" : ",") + one.substr(1, one.size() - 2);
  }
  return out + "}";
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text.substr(0, 500)) {
    const auto byte = static_cast<unsigned char>(c);
    out.append("%").push_back(hex[byte >> 4]);
    out.push_back(hex[byte & 15]);
  }
  return out;
}

class Naughty : public Hostile {
 protected:
  void SetUp() override {
    if (strings.empty()) GTEST_SKIP() << "../shared/data/blns.json is absent";
  }
  const std::vector<std::string> strings = read_naughty_strings();
};

// What is served although a member is naughty must fit the described request all the same.
TEST_F(Naughty, StringsInEveryMemberBreakNothing) {
  const std::string id = server.start(ann);
  for (const auto& where : every_field(id)) {
    for (const auto& each : strings) {
      const std::string body = body_with(where, each);
      const answer seen = send(where.path, body);
      EXPECT_LT(seen.status, 500) << where.name << ": " << each;
      EXPECT_NE(seen.number("valid"), 1) << where.name << ": " << each;
      if (seen.status >= 300) continue;
      boost::json::error_code ec;
      EXPECT_EQ(described().request_fault(operation_of("POST", where.path), boost::json::parse(body, ec)), "")
          << body;
    }
  }
}

TEST_F(Naughty, StringsAsNamesAndIdsAndQueriesAreRefused) {
  for (const auto& each : strings) {
    const std::string named = object({{each, "x"}});
    for (const std::string& path :
         {collection, collection + "/check", collection + "/" + std::string(32, 'A') + "/check",
          collection + "/" + std::string(32, 'A') + "/resend"}) {
      expect_refused(send(path, named), named);
    }
    const std::string encoded = percent_encoded(each);
    expect_refused(server.ask("GET", collection + "/" + encoded), each);
    expect_refused(server.ask("DELETE", collection + "/" + encoded), each);
    expect_refused(server.check(encoded, "123456"), each);
    EXPECT_EQ(server.ask("GET", "/openapi.yaml?" + encoded).status, 200) << each;
  }
}

TEST_F(Naughty, StringsAsHeadersAreRefused) {
  for (const auto& each : strings) {
    if (each.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) continue;
    for (const char* name : {"Authorization: ", "X-Forwarded-For: ", "Content-Type: "}) {
      const answer seen = server.ask("GET", collection + "/nobody", "", name + each + "\r\n");
      expect_refused(seen, name + each);
    }
  }
}

TEST_F(Hostile, DocumentsOfTheJsonSuiteAreNoRequests) {
  const auto suite = read_json_suite();
  const std::string id = server.start(ann);
  for (const auto& [name, text] : suite.files) {
    for (const std::string& path : {collection, collection + "/check", collection + "/" + id + "/check"})
      expect_refused(send(path, text), name);
    // An empty object, or nothing, is what a resend asks for.
    if (text.empty() || text == "{}") continue;
    expect_refused(send(collection + "/" + id + "/resend", text), name);
  }
  EXPECT_EQ(server.provider().codes().size(), 1u);
  EXPECT_EQ(server.check(id, server.code_for(ann)).number("attempts_left"), 5);
}

TEST_F(Hostile, OversizedAndDeepBodiesAreRefused) {
  std::string keys = "{";
  for (int i = 0; keys.size() < 16'300; ++i)
    keys += "\"k" + std::to_string(i) + "\":0,";
  keys += "\"z\":0}";
  const std::pair<std::string, int> table[] = {
      {keys, 400},
      {"{\"to\":" + std::string(16'000, '[') + "}", 400},
      {"{\"to\":" + std::string(16'000, '9') + "}", 422},
      {"{\"to\":\"" + std::string(1025, '1') + "\"}", 400},
      {"{\"to\":\"" + std::string(1024, '1') + "\"}", 422},
      {std::string(16 * 1024, ' '), 400},
      {std::string(16 * 1024 + 1, ' '), 413},
      {std::string(100'000, '['), 413},
  };
  for (const auto& [body, status] : table)
    EXPECT_EQ(send(collection, body).status, status) << body.substr(0, 40);
}

TEST_F(Hostile, MethodsAreServedWhereTheyAreAllowed) {
  const std::string id = server.start(ann);
  const std::pair<std::string, std::string> table[] = {
      {"/openapi.yaml", "GET, HEAD"},
      {collection, "POST"},
      {collection + "/check", "POST"},
      {collection + "/" + id, "GET, HEAD, DELETE"},
      {collection + "/" + id + "/check", "POST"},
      {collection + "/" + id + "/resend", "POST"},
  };
  for (const auto& [path, allowed] : table) {
    for (const std::string method :
         {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW"}) {
      if (allowed.find(method) != std::string::npos) continue;
      const answer seen = server.ask(method, path);
      EXPECT_EQ(seen.status, 405) << method << " " << path;
      EXPECT_EQ(seen.header("Allow"), allowed) << method << " " << path;
    }
  }
  EXPECT_EQ(server.ask("GET", collection + "/" + id).text("status"), "pending");
}

}  // namespace
