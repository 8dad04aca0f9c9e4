// The examples in the documents are configurations, as they stand there.

#include <algorithm>

#include "config.hpp"
#include "config_page.hpp"

namespace otpd {
namespace {

struct snippet {
  std::size_t line = 0;  // of the page, where it begins
  std::string toml;
};

// What stands between ```toml and ```; an indented fence is none.
std::vector<snippet> snippets_of(const std::string& page) {
  std::vector<snippet> out;
  std::istringstream in{page};
  bool is_inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (!is_inside && line == "```toml") out.push_back({number, {}});
    if (is_inside && line != "```") out.back().toml += line + '\n';
    is_inside = line == "```toml" || (is_inside && line != "```");
  }
  return out;
}

bool is_expected(const std::string& warning) {
  constexpr std::array<std::string_view, 4> marks{"console: codes are printed", "null: messages are not sent",
                                                  "inbox: messages stay in memory", "is a test recipient"};
  return std::ranges::any_of(marks, [&](auto mark) { return warning.find(mark) != std::string::npos; });
}

TEST(ConfigSnippets, AreAcceptedAsTheyAre) {
  set_secrets();
  const auto snippets = snippets_of(read(source / "docs/delivery.md"));
  EXPECT_GE(snippets.size(), 10U);
  for (const auto& [line, toml] : snippets) {
    try {
      for (const auto& warning : parse_config(toml, "delivery.md").warnings)
        EXPECT_TRUE(is_expected(warning)) << "the snippet of line " << line << ": " << warning;
    } catch (const config_error& error) {
      ADD_FAILURE() << "the snippet of line " << line << ": " << error.what();
    }
  }
}

TEST(ConfigSnippets, ShowEachTypeOfProvider) {
  set_secrets();
  std::set<provider_type> shown;
  for (const auto& each : snippets_of(read(source / "docs/delivery.md")))
    for (const auto& provider : parse_config(each.toml, "delivery.md").providers)
      shown.insert(provider.type);
  EXPECT_EQ(shown.size(), static_cast<std::size_t>(provider_type::smtp) + 1);
}

// What stands after # in the example file is what one would write without it.
TEST(ConfigSnippets, TheExampleFileIsAcceptedWithItsCommentsTaken) {
  set_secrets();
  std::istringstream in{read(source / "config/otpd.example.toml")};
  std::string toml;
  bool is_delivery = false;
  for (std::string line; std::getline(in, line);) {
    is_delivery = is_delivery || line.starts_with("# A second provider");
    const bool is_replaced = line.starts_with("sms = \"console\"") || line.starts_with("email = \"console\"");
    const bool is_sentence = line.starts_with("# ") && line.find_first_of("=[") == line.npos;
    if (!is_delivery || is_sentence) continue;
    if (line.starts_with("# ") || !is_replaced) toml += line.substr(line.starts_with("# ") ? 2 : 0) + '\n';
    if (line.starts_with("email")) toml += "email = \"mail\"\n";
  }
  const std::string gateway =
      "[providers.gateway]\ntype = 'http'\nurl = 'https://sms.example/{to}/{code}'\nfrom = 'Example'\n";
  const auto c = parse_config(gateway + toml, "otpd.example.toml");
  EXPECT_EQ(c.delivery.sms, (std::vector<std::string>{"gateway", "twilio"})) << toml;
  EXPECT_EQ(c.delivery.email, std::vector<std::string>{"mail"});
  EXPECT_EQ(c.delivery.mode, delivery_mode::queue);
  ASSERT_EQ(c.delivery.routes.size(), 1U);
  EXPECT_EQ(c.delivery.routes[0].prefix, "+1");
  EXPECT_TRUE(c.warnings.empty());
}

}  // namespace
}  // namespace otpd
