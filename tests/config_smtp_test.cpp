// The keys of a provider of type "smtp", each by itself and against each other.

#include <gtest/gtest.h>
#include <stdlib.h>

#include "config/sections.hpp"
#include "config/smtp_keys.hpp"

namespace otpd {
namespace {

struct reading {
  mail::smtp_options options;
  std::vector<std::string> warnings;
};

reading read(const std::string& lines) {
  const config_document document{"[p]\n" + lines, "t"};
  const config_value table = document.root().at("p");
  reading out;
  read_table(table, smtp_keys, out.options);
  check_smtp(table, out.options, out.warnings);
  return out;
}

const std::string least = "host = 'smtp.example'\nfrom = 'otp@example.com'\n";

TEST(SmtpConfig, EveryKeyIsRead) {
  ASSERT_EQ(::setenv("OTPD_TEST_SMTP", "s3cret", 1), 0);
  const auto [o, warnings] = read(least + R"(
port = 465
security = 'tls'
user = 'u'
password = {env = 'OTPD_TEST_SMTP'}
from_name = 'Exämple'
helo = 'otp.example.com'
connect_timeout = '2s'
timeout = '7s'
max_connections = 9
keep_idle = '1m'
ca_file = '/dev/null'
insecure = true
)");
  using namespace std::chrono_literals;
  EXPECT_EQ(o.host, "smtp.example");
  EXPECT_EQ(o.port, 465);
  EXPECT_EQ(o.security, mail::smtp_security::tls);
  EXPECT_EQ(o.user + o.password, "us3cret");
  EXPECT_EQ(o.from, "otp@example.com");
  EXPECT_EQ(o.from_name, "Exämple");
  EXPECT_EQ(o.helo, "otp.example.com");
  EXPECT_EQ(o.connect_timeout, 2s);
  EXPECT_EQ(o.timeout, 7s);
  EXPECT_EQ(o.max_connections, 9U);
  EXPECT_EQ(o.keep_idle, 60s);
  EXPECT_EQ(o.ca_file, "/dev/null");
  EXPECT_TRUE(o.insecure);
  EXPECT_TRUE(warnings.empty());
}

TEST(SmtpConfig, LittleIsEnough) {
  EXPECT_EQ(read(least).options.security, mail::smtp_security::starttls);
  EXPECT_TRUE(read("host = '::1'\nsecurity = 'none'\nfrom = 'a@b.example'").warnings.empty());
  EXPECT_EQ(read(least + "security = 'none'\ninsecure = true").warnings.size(), 1U);
  EXPECT_EQ(read(least + "helo = '[IPv6:2001:db8::1]'").options.helo, "[IPv6:2001:db8::1]");
}

TEST(SmtpConfig, WhatIsWrongIsRefused) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"from = 'otp@example.com'", "t:1: p.host: is missing"},
      {"host = 'smtp.example'", "t:1: p.from: is missing"},
      {"host = 'smtp.example:25'", "t:2: p.host: \"smtp.example:25\" is not a host name"},
      {"host = ''", "t:2: p.host: "},
      {"from = 'Example <otp@example.com>'", "t:2: p.from: "},
      {"from = 'root@localhost'", "t:2: p.from: "},
      {"from_name = \"a\\nb\"", "t:2: p.from_name: "},
      {"from_name = \"a\\u2028b\"", "t:2: p.from_name: must be one line"},
      {"helo = 'a b'", "t:2: p.helo: "},
      {"helo = '[nobody]'", "t:2: p.helo: "},
      {"port = 0", "t:2: p.port: "},
      {"port = 65536", "t:2: p.port: "},
      {"security = 'ssl'", "t:2: p.security: "},
      {"password = 'x'", "t:2: p.password: must not stand in the file"},
      {"hots = 'x'", "t:2: p.hots: "},
      {"keep_idle = '0s'", "t:2: p.keep_idle: "},
      {"max_connections = 0", "t:2: p.max_connections: "},
      {least + "user = 'u'", "t:1: p.password: is missing; both or neither"},
      {least + "security = 'none'", "t:4: p.security: is \"none\" to another machine"},
  };
  for (const auto& [lines, message] : table) {
    try {
      static_cast<void>(read(lines));
      ADD_FAILURE() << "accepted: " << lines;
    } catch (const config_error& error) {
      EXPECT_EQ(std::string{error.what()}.substr(0, message.size()), message) << error.what();
    }
  }
}

}  // namespace
}  // namespace otpd
