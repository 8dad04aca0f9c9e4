// config/otpd.example.toml, as it is and spoiled at random.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "config.hpp"

namespace otpd {
namespace {

std::string read(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}
const std::filesystem::path source = OTPD_SOURCE_DIR;

TEST(ConfigExample, TheExampleFileIsAccepted) {
  const auto c = load_config(source / "config/otpd.example.toml");
  EXPECT_EQ(c.profiles.size(), 7U);
  EXPECT_EQ(c.providers.size(), 3U);
  EXPECT_EQ(c.warnings.size(), 2U) << "the console prints codes, twice";
}

TEST(ConfigExample, AMutatedFileIsAcceptedOrRefusedAndNothingElse) {
  const std::string example = read(source / "config/otpd.example.toml");
  const std::string_view marks = "[]{}=\"'\\.,#\n\t 0-9aZ\0\x7f\x80\xff";
  const std::string_view syntax{marks.data(), 24};
  for (unsigned seed = 0; seed < 4000; ++seed) {
    std::mt19937 random{seed};
    const auto below = [&](std::size_t n) { return random() % n; };
    std::string text = example;
    for (std::size_t i = 0, n = 1 + below(8); i < n; ++i) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = static_cast<char>(below(256));
          break;
        case 1:
          text[at] = syntax[below(syntax.size())];
          break;
        case 2:
          text.erase(at, 1 + below(40));
          break;
        default:
          text.insert(at, example, below(example.size()), 1 + below(40));
      }
    }
    try {
      static_cast<void>(parse_config(text, "mutated"));
    } catch (const config_error& error) {
      EXPECT_TRUE(std::string_view{error.what()}.starts_with("mutated:"))
          << "seed " << seed << ": " << error.what();
    }
  }
}

TEST(ConfigExample, DeepNestingIsAcceptedOrRefused) {
  std::string dotted = "a";
  while (dotted.size() < 4000)
    dotted += ".a";
  for (const auto& text : {dotted + " = 1", '[' + dotted + ']', "a = " + std::string(4000, '['),
                           "a = " + std::string(4000, '{'), std::string(4000, '[')}) {
    EXPECT_THROW(static_cast<void>(parse_config(text, "deep")), config_error);
  }
}

}  // namespace
}  // namespace otpd
