// The npm package jose against the real otpd: tests/node/jose_check.mjs.

#include <gtest/gtest.h>

#include "system/command.hpp"
#include "system/otpd_process.hpp"
#include "system/scratch_directory.hpp"

namespace otpd::test {
namespace {

TEST(Jose, VerifiesOursAndOursRefusesWhatIsForged) {
  const std::string jose = node_module("jose");
  if (jose.empty()) GTEST_SKIP() << "scripts/node has not been run";
  const std::string secret = "a secret of at least thirty-two bytes";
  const scratch_directory place;
  configuration settings;
  settings.delivery = inbox_delivery;
  settings.tables = "[profiles.app]\nyields = \"tokens\"\n[dialects.s4]\nsecret = {env = \"S4_SECRET\"}\n";
  launch how;
  how.environment = {"S4_SECRET=" + secret};
  otpd_process otpd(place.path(), settings, how);
  ASSERT_TRUE(otpd.serves()) << otpd.log();
  const auto [end, said] = run({"node", test_source("node/jose_check.mjs"), jose, url_of(otpd.port()),
                                url_of(otpd.admin_port()) + "/inbox.json", secret});
  EXPECT_EQ(end, 0) << said;
  std::fputs(said.c_str(), stdout);
}

}  // namespace
}  // namespace otpd::test
