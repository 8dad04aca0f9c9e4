#include "api/native_route.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace otpd::api {
static void PrintTo(resource what, std::ostream* out) {
  *out << static_cast<int>(what);
}
}  // namespace otpd::api

namespace {

using namespace otpd;
using api::resource;
using net::method;

TEST(NativePath, IsUnderstood) {
  struct row {
    const char* path;
    resource what;
    const char* id;
  };
  const row table[] = {
      {"/openapi.yaml", resource::description, ""},
      {"/v1/verifications", resource::collection, ""},
      {"/v1/verifications/check", resource::check, ""},
      {"/v1/verifications/abc", resource::one, "abc"},
      {"/v1/verifications/abc/check", resource::one_check, "abc"},
      {"/v1/verifications/abc/resend", resource::one_resend, "abc"},
      {"/v1/verifications/check/check", resource::one_check, "check"},
      {"/v1/verifications/..", resource::one, ".."},
      {"/v1/verifications/%2f%00", resource::one, "%2f%00"},
      {"/v1/verifications/check%20", resource::one, "check%20"},
  };
  for (const auto& [path, what, id] : table) {
    const auto found = api::parse_native_path(path);
    ASSERT_TRUE(found) << path;
    EXPECT_EQ(found->resource, what) << path;
    EXPECT_EQ(found->id, id) << path;
  }
}

TEST(NativePath, IsNothingElse) {
  for (const char* path : {"",
                           "/",
                           "*",
                           "/v1",
                           "/v1/",
                           "/v1/verifications/",
                           "/v1/verifications//",
                           "/v1/verifications//check",
                           "/v1/verificationsx",
                           "/v1/verifications/abc/",
                           "/v1/verifications/abc/check/",
                           "/v1/verifications/abc/cancel",
                           "/v1/verifications/abc/Check",
                           "/v1/verifications/abc/check/check",
                           "/V1/verifications",
                           "/v2/verifications",
                           "//v1/verifications",
                           "/v1//verifications",
                           "/openapi.yaml/",
                           "/openapi.json",
                           "/v1/verifications/check/",
                           "/healthz",
                           "/metrics"}) {
    EXPECT_FALSE(api::parse_native_path(path)) << path;
  }
}

TEST(NativeRoute, IsReachedByItsOwnPath) {
  for (const auto& each : api::native_routes) {
    std::string path(each.path);
    if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "abc");
    const auto found = api::parse_native_path(path);
    ASSERT_TRUE(found) << path;
    EXPECT_EQ(found->resource, each.resource) << path;
    EXPECT_TRUE(api::is_served(each.method, each.resource));
  }
}

TEST(NativeRoute, ServesNoMethodButItsOwn) {
  const method methods[] = {method::get,   method::head, method::post,    method::put,
                            method::patch, method::del,  method::options, method::other};
  std::size_t served = 0;
  for (const auto what : {resource::description, resource::collection, resource::check, resource::one,
                          resource::one_check, resource::one_resend}) {
    for (const auto each : methods)
      served += api::is_served(each, what) ? 1 : 0;
  }
  EXPECT_EQ(served, api::native_routes.size());
  EXPECT_FALSE(api::is_served(method::other, resource::one));
}

TEST(NativeRoute, NamesTheMethodsItAllows) {
  EXPECT_EQ(api::allowed_methods(resource::description), "GET, HEAD");
  EXPECT_EQ(api::allowed_methods(resource::collection), "POST");
  EXPECT_EQ(api::allowed_methods(resource::check), "POST");
  EXPECT_EQ(api::allowed_methods(resource::one), "GET, HEAD, DELETE");
  EXPECT_EQ(api::allowed_methods(resource::one_check), "POST");
  EXPECT_EQ(api::allowed_methods(resource::one_resend), "POST");
}

}  // namespace
