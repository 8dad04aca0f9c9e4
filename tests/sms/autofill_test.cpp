#include "sms/autofill.hpp"

#include <gtest/gtest.h>

namespace otpd::sms {
namespace {

std::string filled(const autofill& with) {
  std::string out;
  with.open(out);
  out += "Code 123456.";
  with.close(out, "123456");
  return out;
}

TEST(Autofill, PutsItsLineLastAndNothingBehind) {
  EXPECT_EQ(filled({}), "Code 123456.");
  EXPECT_EQ(filled({"example.com", ""}), "Code 123456.\n\n@example.com #123456");
  EXPECT_EQ(filled({"", "FA+9qCX9VSu"}), "<#> Code 123456.\nFA+9qCX9VSu");
}

TEST(Autofill, HostsAreNamesInLowerCase) {
  for (const char* good :
       {"example.com", "a.b", "login.bank-1.example", "xn--bcher-kva.example", "1.example"})
    EXPECT_TRUE(is_autofill_host(good)) << good;
  for (const std::string bad :
       {"", "localhost", "Example.com", "example.com.", ".example.com", "a..b", "-a.example", "a-.example",
        "127.0.0.1", "example.com:443", "https://example.com", "example.com/x", "example.com #1",
        "a_b.example", "b\u00fccher.example", "example.com\n", "a b.example", "@example.com"})
    EXPECT_FALSE(is_autofill_host(bad)) << bad;
  EXPECT_TRUE(is_autofill_host(std::string(63, 'a') + ".example"));
  EXPECT_FALSE(is_autofill_host(std::string(64, 'a') + ".example"));
  EXPECT_TRUE(is_autofill_host(std::string(60, 'a') + "." + std::string(39, 'b')));
  EXPECT_FALSE(is_autofill_host(std::string(60, 'a') + "." + std::string(40, 'b')));
}

TEST(Autofill, HashesAreElevenOfBase64) {
  for (const char* good : {"FA+9qCX9VSu", "/////++++++", "00000000000"})
    EXPECT_TRUE(is_app_hash(good)) << good;
  for (const char* bad :
       {"", "FA+9qCX9VS", "FA+9qCX9VSu1", "FA+9qCX9VS=", "FA-9qCX9VSu", "FA 9qCX9VSu", "FA+9qCX9VS\n"})
    EXPECT_FALSE(is_app_hash(bad)) << bad;
}

}  // namespace
}  // namespace otpd::sms
