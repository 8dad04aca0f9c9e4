// What a message can do to the page that shows it: nothing.

#include "api/inbox_html.hpp"
#include "api/data_files.hpp"
#include "api/html_text.hpp"
#include "api/inbox_fixture.hpp"

namespace otpd::api::test {
namespace {

// The tags of a page in order, the values of their attributes left out.
std::string skeleton_of(const std::string& page) {
  std::string out;
  bool in_tag = false;
  char quote = 0;
  for (const char c : page) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (in_tag && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '<') {
      in_tag = true;
    }
    if (in_tag && quote == 0) out += c;
    if (quote == 0 && c == '>') in_tag = false;
  }
  return out;
}

// What a browser reads of character data.
std::string unescaped(std::string text) {
  for (const auto& [entity, character] :
       {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&quot;", "\""}, std::pair{"&#39;", "'"},
        std::pair{"&amp;", "&"}}) {
    for (auto at = text.find(entity); at != text.npos; at = text.find(entity, at + 1))
      text.replace(at, std::string_view(entity).size(), character);
  }
  return text;
}

std::string between(const std::string& page, std::string_view begin, std::string_view end) {
  const auto from = page.find(begin);
  if (from == page.npos) return "nothing";
  return page.substr(from + begin.size(), page.find(end, from) - from - begin.size());
}

std::string escaped(std::string_view text) {
  std::string out;
  append_html(out, text);
  return out;
}

// A message that says `text` wherever it can.
inbox_entry saying(std::string_view text) {
  inbox_entry out;
  out.to = out.subject = out.text = out.html = out.locale = out.from = out.reference = text;
  out.code = "123456";
  return out;
}

TEST(HtmlText, IsEscapedForEveryPlace) {
  EXPECT_EQ(escaped("<a href=\"x\" b='y'>&amp;"), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
  EXPECT_EQ(escaped("a\n\tb"), "a\n\tb");
  EXPECT_EQ(escaped(std::string_view("\0\r\x1b\x7f", 4)), "\u2400\u240d\u241b\u2421");
  EXPECT_EQ(escaped("\u00e9\u20ac\U0001f600"), "\u00e9\u20ac\U0001f600");
  EXPECT_EQ(escaped("\xc2\x85"), "\ufffd");
}

TEST(HtmlText, ShowsWhatIsNotUtf8AsSuch) {
  for (const char* bad :
       {"\xff", "\x80", "\xc0\xbc", "\xe0\x80\xbc", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    const std::string out = escaped(std::string(bad) + "<");
    EXPECT_TRUE(out.starts_with("\ufffd")) << bad;
    EXPECT_TRUE(out.ends_with("&lt;")) << bad;
    EXPECT_EQ(out.find('<'), out.npos);
  }
}

TEST(HtmlLayout, FillsEachPlaceOnce) {
  std::string out;
  append_layout(out, "a{{x}}b{{y}}{{x}}c{{",
                [](std::string& to, std::string_view name) { to.append("[").append(name).append("{{x}}]"); });
  EXPECT_EQ(out, "a[x{{x}}]b[y{{x}}][x{{x}}]c{{");
}

TEST_F(InboxPages, ShowAMessageWithItsCodeMadeStrong) {
  add("first", saying("plain"));
  desk.boxes.find("first")->second.messages[0].text = "Use 123456, not 654321. Really 123456.";
  const std::string page = get("/inbox").body;
  EXPECT_NE(page.find("Use <strong>123456</strong>, not 654321. Really <strong>123456</strong>."), page.npos);
  EXPECT_NE(page.find("<strong class=\"code\">123456</strong>"), page.npos);
  EXPECT_EQ(page.find("{{"), page.npos);
}

TEST_F(InboxPages, LeaveOutWhatAMessageHasNot) {
  inbox_entry bare;
  bare.to = "+4915112345601";
  bare.text = "text";
  add("first", bare);
  const std::string page = get("/inbox").body;
  for (const char* absent :
       {"class=\"code\"", "class=\"subject\"", "<details>", "<dt>from</dt>", "<dt>locale</dt>"})
    EXPECT_EQ(page.find(absent), page.npos) << absent;
}

TEST_F(InboxPages, ShowNoMoreThanAPageHolds) {
  for (std::size_t i = 0; i < most_messages_on_a_page + 3; ++i)
    add("second", saying("x"));
  const std::string page = get("/inbox").body;
  EXPECT_NE(page.find("The newest 100 of 103"), page.npos);
  EXPECT_EQ(page.find("inbox-3<"), page.npos) << "the oldest are left out";
  EXPECT_NE(page.find("inbox-4<"), page.npos);
}

TEST_F(InboxPages, ShowTheBehaviourInItsForm) {
  first().fail = otp::failure::out_of_credit;
  first().delay = std::chrono::milliseconds{250};
  first().count = 4;
  const std::string page = get("/inbox").body;
  EXPECT_NE(page.find("Refuses: out_of_credit, after 250\u00a0ms; over after 4 more."), page.npos);
  EXPECT_NE(page.find("<option value=\"out_of_credit\" selected>"), page.npos);
  EXPECT_NE(page.find("name=\"delay_ms\" type=\"number\" min=\"0\" max=\"60000\" value=\"250\""), page.npos);
  EXPECT_NE(page.find("Accepts every message at once."), page.npos) << "the second provider";
}

TEST_F(InboxPages, EscapeEveryNaughtyString) {
  std::vector<std::string> naughty = read_naughty_strings();
  const bool is_whole = !naughty.empty();
  naughty.push_back("</p></li></ol><script>alert(1)</script>");
  naughty.push_back("\" onmouseover=\"alert(1)");
  naughty.push_back("{{providers}}{{name}}");
  add("first", saying("benign"));
  const std::string benign = skeleton_of(get("/inbox").body);
  for (const std::string& each : naughty) {
    if (each.empty() || each.find("123456") != each.npos) continue;
    desk.boxes.find("first")->second.messages.clear();
    add("first", saying(each));
    const std::string page = get("/inbox").body;
    EXPECT_EQ(skeleton_of(page), benign) << each;
    const std::string shown = escaped(each);
    EXPECT_EQ(between(page, "<p class=\"text\" dir=\"auto\">", "</p>"), shown);
    EXPECT_EQ(between(page, "<bdi>", "</bdi>"), shown);
    EXPECT_EQ(between(page, "<pre tabindex=\"0\">", "</pre>"), shown);
    const bool is_printable =
        std::ranges::none_of(each, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (is_printable && each.find("\xc2\x80") == each.npos && shown.find("\ufffd") == shown.npos) {
      EXPECT_EQ(unescaped(shown), each);
    }
    const auto json = seen(get("/inbox.json")).json();
    EXPECT_EQ(std::string(json.at("messages").as_array().at(0).at("text").as_string()), each);
  }
  if (!is_whole) GTEST_SKIP() << "../shared/data/blns.json is not there: only a few strings were tried";
}

}  // namespace
}  // namespace otpd::api::test
