// Accounts over the real binary: `otpd accounts import`, and what the server that runs knows afterwards.

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "system/http_connection.hpp"
#include "system/otpd_process.hpp"
#include "system/scale.hpp"
#include "system/scratch_directory.hpp"
#include "system/sms_sink.hpp"

namespace otpd::test {
namespace {

using namespace std::chrono_literals;

constexpr int some_refused = 1, bad_usage = 64, bad_data = 65, no_input = 66, no_service = 69, no_config = 78;

// How the command ended, and what it said.
struct ending {
  int code = -1;
  std::string output;
  std::string errors;
};

class AccountsImport : public testing::Test {
 protected:
  void SetUp() override { start(); }

  void start() {
    configuration settings{.sink_port = sink.port()};
    settings.tables = "[passwords]\nmemory_kib = 64\niterations = 1\n[dialects.s2]\nfailures = 100\n";
    server = std::make_unique<otpd_process>(directory.path(), settings);
    ASSERT_TRUE(server->serves()) << server->log();
  }
  [[nodiscard]] std::string write(const std::string& csv) const {
    const auto file = directory.path() / "people.csv";
    std::ofstream(file, std::ios::binary) << csv;
    return file.string();
  }
  [[nodiscard]] ending import(std::vector<std::string> words) const {
    return import_at(server->admin_port(), std::move(words));
  }
  [[nodiscard]] ending import_at(std::uint16_t port, std::vector<std::string> words) const {
    configuration settings;
    settings.admin_listen = "127.0.0.1:" + std::to_string(port);
    words.insert(words.begin(), {"accounts", "import"});
    const launch how{.arguments = std::move(words)};
    otpd_process command(directory.path(), settings, how);
    const auto code = command.end_within(scaled(60, 300) * 1s);
    return {code.value_or(-1), command.output(), command.log()};
  }
  [[nodiscard]] http_answer find(const std::string& address, const std::string& realm = "s0") const {
    return ask(server->admin_port(),
               http_request("POST", "/accounts/find",
                            R"({"realm":")" + realm + R"(","address":")" + address + R"("})"));
  }
  [[nodiscard]] int verify(const std::string& phone, const std::string& code) const {
    return ask(server->port(), http_request("POST", "/otp/verify/",
                                            R"({"phone_number":")" + phone + R"(","otp":")" + code + R"("})"))
        .status;
  }

  scratch_directory directory;
  sms_sink sink;
  std::unique_ptr<otpd_process> server;
};

TEST_F(AccountsImport, TheServerKnowsWhomTheFileLists) {
  const std::string file = write(
      "\xef\xbb\xbfid,name,phone_number,email,is_phone_verified\r\n"
      "1,\"Miller, Jo\",(415) 555-2671,Jo@Example.com,False\r\n"
      "2,Ann,+4915112345601,,TRUE\r\n"
      "3,Bob,,bob@example.org,\r\n");
  const ending done = import({file});
  EXPECT_EQ(done.code, 0) << done.errors;
  EXPECT_EQ(done.output, "3 made or changed, 0 refused\n");
  EXPECT_NE(done.errors.find("\"name\" is left alone"), std::string::npos) << done.errors;
  const http_answer jo = find("+14155552671");
  EXPECT_EQ(jo.status, 200) << jo.body;
  EXPECT_EQ(jo.text("email"), "Jo@example.com");
  EXPECT_EQ(jo.number("phone_verified"), 0);
  EXPECT_EQ(find("jo@example.com").text("id"), jo.text("id"));
  EXPECT_EQ(find("+4915112345601").number("phone_verified"), 1);
  EXPECT_EQ(find("bob@example.org").status, 200);
  EXPECT_EQ(find("+14155552671", "default").status, 404) << "of another realm";
  const std::string admin = "127.0.0.1:" + std::to_string(server->admin_port());
  EXPECT_EQ(import_at(1, {file, "--server", admin}).code, 0);
  EXPECT_EQ(import({file}).output, "3 made or changed, 0 refused\n") << "again, and nothing is different";
  EXPECT_EQ(find("+14155552671").body, jo.body);
}

// s0: a verified number marks its employee; of others there is none.
TEST_F(AccountsImport, AnEmployeeIsMarkedByTheRightCode) {
  ASSERT_EQ(import({write("phone\n+14155552671\n")}).code, 0);
  for (const std::string phone : {"+14155552671", "+14155552672"}) {
    const std::string body = R"({"phone_number":")" + phone + R"("})";
    ASSERT_EQ(ask(server->port(), http_request("POST", "/otp/generate/", body)).status, 200);
  }
  EXPECT_EQ(verify("+14155552671", sink.code_for("+14155552671").value()), 200);
  EXPECT_EQ(verify("+14155552672", sink.code_for("+14155552672").value()), 404);
  EXPECT_EQ(find("+14155552671").number("phone_verified"), 1);
  EXPECT_EQ(find("+14155552672").status, 404);
  ASSERT_EQ(import({write("phone,is_phone_verified\n+14155552671,false\n")}).code, 0);
  EXPECT_EQ(find("+14155552671").number("phone_verified"), 1) << "the file is older than the proof";
}

TEST_F(AccountsImport, AWrongLineIsNamedAndNothingIsImported) {
  const ending done = import({write("phone\n+14155552671\n12\n+14155552672\n+14155552672\n")});
  EXPECT_EQ(done.code, bad_data);
  EXPECT_EQ(done.output, "");
  EXPECT_EQ(
      done.errors,
      "line 3: this is no phone number\nline 5: it has an address of line 4\notpd: nothing was imported\n");
  EXPECT_EQ(find("+14155552671").status, 404);
}

TEST_F(AccountsImport, ALineThatTheServerRefusesIsNamedAndTheOthersAreImported) {
  ASSERT_EQ(import({write("phone,email\n+14155552671,jo@example.com\n")}).code, 0);
  const ending done =
      import({write("phone,email\n+14155552672,jo@example.com\n+14155552673,ann@example.com\n")});
  EXPECT_EQ(done.code, some_refused);
  EXPECT_EQ(done.output, "1 made or changed, 1 refused\n");
  EXPECT_EQ(done.errors, "line 2: address_taken\n");
  EXPECT_EQ(find("ann@example.com").text("phone"), "+14155552673");
}

TEST_F(AccountsImport, NationalNumbersAreOfTheRegionThatIsNamedOrTheRealms) {
  const std::string file = write("phone\n0151 12345601\n");
  EXPECT_EQ(import({file}).code, bad_data) << "the profile of s0 is at home in the US";
  EXPECT_EQ(import({file, "--region", "DE"}).code, 0);
  EXPECT_EQ(find("+4915112345601").status, 200);
  EXPECT_NE(import({file, "--region", "Germany"}).code, 0);
  const ending other = import({file, "--region", "DE", "--realm", "default"});
  EXPECT_EQ(other.code, 0) << other.errors;
  EXPECT_EQ(find("+4915112345601", "default").status, 200);
}

TEST_F(AccountsImport, SaysWhyNothingCouldBeDone) {
  const std::string file = write("phone\n+14155552671\n");
  const ending no_realm = import({file, "--realm", "nowhere"});
  EXPECT_EQ(no_realm.code, no_service);
  EXPECT_NE(no_realm.errors.find("invalid_member (realm)"), std::string::npos) << no_realm.errors;
  EXPECT_EQ(import({(directory.path() / "none.csv").string()}).code, no_input);
  EXPECT_EQ(import({directory.path().string()}).code, no_input) << "a directory";
  EXPECT_EQ(import({file, "--unknown"}).code, bad_usage);
  EXPECT_EQ(import({}).code, bad_usage);
  const auto port = server->admin_port();
  server->kill();
  const ending nobody = import_at(port, {file});
  EXPECT_EQ(nobody.code, no_service);
  EXPECT_EQ(import_at(port, {file, "--server", "nowhere"}).code, no_config);
  EXPECT_NE(nobody.errors.find("cannot connect"), std::string::npos) << nobody.errors;
}

TEST_F(AccountsImport, WhatWasImportedOutlivesAKill) {
  constexpr int count = scaled(20'000, 500);
  std::string csv = "phone,email,email_verified\n";
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(1'000'000 + i);
    csv += "+49151" + number + "1,u" + number + "@example.org,t\n";
  }
  const ending done = import({write(csv)});
  ASSERT_EQ(done.code, 0) << done.errors;
  EXPECT_EQ(done.output, std::to_string(count) + " made or changed, 0 refused\n");
  server->kill();
  start();
  for (int i = 0; i < count; i += 97) {
    const std::string number = std::to_string(1'000'000 + i);
    EXPECT_EQ(find("u" + number + "@example.org").text("phone"), "+49151" + number + "1");
  }
}

// Ten failures an hour at one account, whoever tries, over a kill (RELIABILITY V3, N4), until the operator
// forgets them.
TEST_F(AccountsImport, PasswordsThatWereTriedAreForgottenAtTheOperatorsWord) {
  const auto log_in = [this](const std::string& phone) {
    const std::string body = R"({"phone_number":")" + phone + R"(","password":"wrong password"})";
    return ask(server->port(), http_request("POST", "/api/login/", body)).status;
  };
  const auto unlock = [this](const std::string& realm) {
    const std::string body = R"({"realm":")" + realm + R"(","address":"+14155552671"})";
    return ask(server->admin_port(), http_request("POST", "/accounts/unlock", body)).status;
  };
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(log_in("+14155552671"), 400);
  EXPECT_EQ(log_in("+14155552671"), 403);
  server->kill();
  start();
  EXPECT_EQ(log_in("+14155552671"), 403);
  EXPECT_EQ(log_in("+14155552672"), 400) << "another one";
  EXPECT_EQ(unlock("default"), 204);
  EXPECT_EQ(log_in("+14155552671"), 403) << "of another realm";
  EXPECT_EQ(unlock("s2"), 204);
  EXPECT_EQ(log_in("+14155552671"), 400);
}

// Neither the log nor what the command says has an address in it.
TEST_F(AccountsImport, TellsNoAddress) {
  const ending done = import({write("phone,email\n+14155552671,secret@example.com\n")});
  const ending wrong = import({write("phone,email\n+14155552671x,secret@example.com\n")});
  ASSERT_EQ(find("secret@example.com").status, 200);
  for (const std::string& text : {server->log(), server->output(), done.output, done.errors, wrong.errors}) {
    EXPECT_EQ(text.find("4155552671"), std::string::npos) << text;
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace otpd::test
