// System s2: three failures in a row block a client for an hour.

#include <ctime>

#include "auth/password_hasher.hpp"
#include "dialects/dialect_server.hpp"
#include "store/scratch.hpp"

namespace otpd::dialects::test {
namespace {

constexpr const char* blocked = R"({"message":"Too many failed attempts. Try again later."})";
constexpr const char* no_login = R"({"message":"Invalid credentials"})";
constexpr const char* not_right = R"({"message":"Invalid or expired OTP"})";

reply wrong_login(dialect_server& server, const std::string& fields = {}) {
  return server.post("/api/login/", R"({"phone_number":"+12125550123","password":"wrong horse"})", json,
                     fields);
}
reply wrong_code(dialect_server& server) {
  return server.post("/api/verify-otp/", R"({"phone_number":"+12125550123","code":"123456"})");
}

TEST(S2Lockout, ThreeFailuresOfAnyKindBlockTheClient) {
  dialect_server server;
  EXPECT_REPLY(wrong_login(server), 400, no_login);
  EXPECT_REPLY(wrong_code(server), 400, not_right);
  EXPECT_REPLY(wrong_login(server), 400, no_login);
  const reply refused = wrong_login(server);
  EXPECT_REPLY(refused, 403, blocked);
  const int wait = std::stoi(refused.field("Retry-After"));
  EXPECT_GT(wait, 3500);
  EXPECT_LE(wait, 3600);
  EXPECT_REPLY(wrong_code(server), 403, blocked);
  EXPECT_REPLY(server.post("/api/register/", R"({"phone_number":"+12125550123"})"), 200,
               R"({"message":"OTP sent to phone number"})");
}

TEST(S2Lockout, ARightCodeDoesNotHelpABlockedClient) {
  dialect_server server;
  const reply began = server.post("/api/register/", R"({"phone_number":"+12125550123"})");
  const std::string body =
      R"({"phone_number":"+12125550123","code":")" + server.code_for("+12125550123") + "\"}";
  for (int i = 0; i < 3; ++i)
    static_cast<void>(wrong_code(server));
  EXPECT_REPLY(server.post("/api/verify-otp/", body, json, began.cookie()), 403, blocked);
}

TEST(S2Lockout, SuccessClearsTheCount) {
  dialect_server server;
  for (int round = 0; round < 3; ++round) {
    const std::string phone = "+1212555013" + std::to_string(round);
    const reply began = server.post("/api/register/", R"({"phone_number":")" + phone + "\"}");
    EXPECT_EQ(wrong_login(server).status, 400);
    EXPECT_EQ(wrong_code(server).status, 400);
    const std::string body =
        R"({"phone_number":")" + phone + R"(","code":")" + server.code_for(phone) + "\"}";
    EXPECT_EQ(server.post("/api/verify-otp/", body, json, began.cookie()).status, 200);
  }
}

TEST(S2Lockout, CountsTheClientBehindATrustedProxy) {
  dialect_server server("", [](config& all) { all.server.trusted_proxies = {"127.0.0.1"}; });
  const std::string one = "X-Forwarded-For: 203.0.113.7\r\n", other = "X-Forwarded-For: 203.0.113.8\r\n";
  for (int i = 0; i < 3; ++i)
    EXPECT_REPLY(wrong_login(server, one), 400, no_login);
  EXPECT_REPLY(wrong_login(server, one), 403, blocked);
  EXPECT_REPLY(wrong_login(server, other), 400, no_login);
}

TEST(S2Lockout, ParallelFailuresAreThreeAtMost) {
  dialect_server server;
  constexpr int tries = 60;
  const std::string body = R"({"phone_number":"+12125550123","code":"123456"})";
  std::vector<otpd::test::http_connection> all;
  for (int i = 0; i < tries; ++i)
    all.emplace_back(server.port());
  for (auto& each : all)
    ASSERT_TRUE(each.send(request_text("POST", "/api/verify-otp/", {}, body, json)));
  int judged = 0, refused = 0;
  for (auto& each : all) {
    const int status = each.read_answer().status;
    judged += status == 400 ? 1 : 0;
    refused += status == 403 || status == 503 ? 1 : 0;
  }
  EXPECT_EQ(judged, 3);
  EXPECT_EQ(refused, tries - 3);
  EXPECT_REPLY(wrong_code(server), 403, blocked);
}

// Colleagues behind one address, in the morning.
TEST(S2Lockout, ParallelSuccessesBlockNobody) {
  dialect_server server;
  const std::string phone = "+12125550123";
  const std::string who = R"({"phone_number":")" + phone + R"(","password":"correct horse"})";
  const reply began = server.post("/api/register/", who);
  const std::string body = R"({"phone_number":")" + phone + R"(","code":")" + server.code_for(phone) + "\"}";
  ASSERT_EQ(server.post("/api/verify-otp/", body, json, began.cookie()).status, 200);
  std::vector<otpd::test::http_connection> all;
  for (int i = 0; i < 10; ++i)
    all.emplace_back(server.port());
  for (auto& each : all)
    ASSERT_TRUE(each.send(request_text("POST", "/api/login/", {}, who, json)));
  int in = 0, later = 0;
  for (auto& each : all) {
    const otpd::test::http_answer out = each.read_answer();
    in += out.status == 200 ? 1 : 0;
    later += out.status == 503 ? 1 : 0;
  }
  EXPECT_GE(in, 3);
  EXPECT_EQ(in + later, 10) << "and nobody is told of failures that there were not";
  EXPECT_EQ(server.post("/api/login/", who).status, 200);
}

// Two wrong passwords at strangers' numbers, one right one at one's own, and so on (RELIABILITY A4).
TEST(S2Lockout, SuccessesBuyNoMoreFailuresThanAClientHas) {
  dialect_server server("", [](config& all) { all.limits.failures_per_ip = {10, std::chrono::hours(1)}; });
  const std::string own = R"({"phone_number":"+12125550123","password":"correct horse"})";
  const reply began = server.post("/api/register/", own);
  const std::string body =
      R"({"phone_number":"+12125550123","code":")" + server.code_for("+12125550123") + "\"}";
  ASSERT_EQ(server.post("/api/verify-otp/", body, json, began.cookie()).status, 200);
  int judged = 0;
  for (int i = 0; i < 40; ++i) {
    const std::string phone = "+121255502" + std::to_string(10 + i);
    const std::string guess = R"({"phone_number":")" + phone + R"(","password":"wrong horse"})";
    judged += server.post("/api/login/", guess).status == 400 ? 1 : 0;
    if (i % 2 == 1) static_cast<void>(server.post("/api/login/", own));
  }
  EXPECT_EQ(judged, 10);
  EXPECT_REPLY(server.post("/api/login/", own), 403, blocked);
}

// What is refused is cheap: else one client keeps all others from logging in.
TEST(S2Lockout, NothingIsHashedForWhoIsOverALimit) {
  dialect_server server("[passwords]\nmemory_kib = 131072\niterations = 4\n[profiles.s2]\nsends = '1/10m'\n");
  ASSERT_EQ(server.post("/api/register/", R"({"phone_number":"+12125550123"})").status, 200);
  const auto cpu_seconds = [] {
    timespec spent{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + 1e-9 * static_cast<double>(spent.tv_nsec);
  };
  const double before = cpu_seconds();
  auth::password_hasher alone({.memory_kib = 131'072, .iterations = 4});  // it hashes one
  const double one = cpu_seconds() - before;
  const double begin = cpu_seconds();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(
        server.post("/api/register/", R"({"phone_number":"+12125550123","password":"correct horse"})").status,
        429);
  }
  EXPECT_LT(cpu_seconds() - begin, 10 * one);
}

TEST(S2Lockout, OutlivesTheProcess) {
  const store::test::scratch place{store::test::quick_root()};
  const auto same = [&place](config& all) { all.store.path = place / "data"; };
  {
    dialect_server server("", same);
    for (int i = 0; i < 3; ++i)
      EXPECT_REPLY(wrong_login(server), 400, no_login);
  }
  dialect_server server("", same);
  EXPECT_REPLY(wrong_login(server), 403, blocked);
}

}  // namespace
}  // namespace otpd::dialects::test
