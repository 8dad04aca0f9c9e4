#include "net/multipart.hpp"

#include <gtest/gtest.h>

#include <random>

namespace otpd::net {
namespace {

constexpr std::string_view type = "multipart/form-data; boundary=b";

std::string part(const std::string& head, const std::string& value) {
  return "--b\r\n" + head + "\r\n\r\n" + value + "\r\n";
}
std::string named(const std::string& name, const std::string& value) {
  return part("Content-Disposition: form-data; name=\"" + name + "\"", value);
}

TEST(Multipart, ReadsFieldsInTheirOrder) {
  EXPECT_EQ(parse_multipart(type, named("a", "1") + named("b", "") + "--b--\r\n"),
            (form{{"a", "1"}, {"b", ""}}));
  EXPECT_EQ(parse_multipart(type, "--b--"), form{});
  EXPECT_EQ(parse_multipart(type, named("a", "x\r\ny\r\n") + "--b--"), (form{{"a", "x\r\ny\r\n"}}));
  EXPECT_EQ(parse_multipart(type, named("a", "x --b in a line") + "--b--"), (form{{"a", "x --b in a line"}}));
  EXPECT_EQ(parse_multipart("multipart/form-data; charset=x; boundary=\"b\"", named("a", "1") + "--b--"),
            (form{{"a", "1"}}));
  EXPECT_EQ(
      parse_multipart(
          type, part("CONTENT-DISPOSITION: form-data; name=a\r\nContent-Type: text/plain", "1") + "--b--"),
      (form{{"a", "1"}}));
  EXPECT_EQ(parse_multipart(type, named("a\\\"b", "1") + "--b--"), (form{{"a\"b", "1"}}));
}

TEST(Multipart, LeavesFilesOut) {
  const std::string file = part("Content-Disposition: form-data; name=\"f\"; filename=\"x.txt\"", "content");
  EXPECT_EQ(parse_multipart(type, file + named("a", "1") + "--b--"), (form{{"a", "1"}}));
}

TEST(Multipart, RefusesWhatIsNotFramed) {
  const std::string whole = named("a", "1") + "--b--";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_multipart(type, whole.substr(0, size))) << size;
  for (const std::string& body :
       {part("Content-Disposition: form-data", "1") + "--b--", part("X: y", "1") + "--b--",
        part("Content-Disposition: form-data; name=\"\"", "1") + "--b--",
        std::string("--b\r\n\r\n1\r\n--b--"), std::string("x\r\n") + whole,
        part("Content-Disposition: form-data; name=\"a", "1") + "--b--"})
    EXPECT_FALSE(parse_multipart(type, body)) << body;
  for (const char* other :
       {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"b"})
    EXPECT_FALSE(parse_multipart(other, whole)) << other;
  EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=" + std::string(71, 'b'), whole));
}

TEST(Multipart, IsBounded) {
  std::string many;
  for (std::size_t i = 0; i < max_form_fields; ++i)
    many += named("a", "1");
  EXPECT_EQ(parse_multipart(type, many + "--b--")->size(), max_form_fields);
  EXPECT_FALSE(parse_multipart(type, many + named("a", "1") + "--b--"));
  EXPECT_FALSE(parse_multipart(type, named("a", std::string(max_form_value + 1, 'x')) + "--b--"));
  EXPECT_FALSE(parse_multipart(type, named(std::string(max_form_name + 1, 'x'), "1") + "--b--"));
}

std::string noise(std::mt19937& random, std::size_t most) {
  constexpr std::string_view letters = "ab-\r\n;=\" \xc3\xa9:\0";
  std::string out(random() % (most + 1), 'x');
  for (char& c : out)
    c = letters[random() % letters.size()];
  return out;
}

// Whatever values are framed come back, unless they hold the boundary themselves.
TEST(Multipart, ComesBack) {
  std::mt19937 random(1);
  std::size_t framed = 0;
  for (int i = 0; i < 3000; ++i) {
    form wanted;
    std::string body;
    for (std::size_t n = random() % 5; n > 0; --n) {
      wanted.push_back({std::string(1 + random() % 3, 'n'), noise(random, 12)});
      if (("\r\n" + wanted.back().value + "\r\n").find("\r\n--b") == std::string::npos) {
        body += named(wanted.back().name, wanted.back().value);
      } else {
        wanted.pop_back();
      }
    }
    framed += wanted.size();
    ASSERT_EQ(parse_multipart(type, body + "--b--" + noise(random, 5)), wanted) << "seed 1, step " << i;
  }
  EXPECT_GT(framed, 3000U);
}

TEST(Multipart, SurvivesNoise) {
  std::mt19937 random(2);
  const std::string whole = named("a", "1") + named("b", "2") + "--b--";
  std::size_t read = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string body = whole;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = random() % (body.size() + 1);
      body.replace(at, random() % 4, noise(random, 3));
    }
    const auto out = parse_multipart(type, body);
    read += out ? 1U : 0U;
    if (!out) continue;
    for (const form_field& each : *out) {
      ASSERT_FALSE(each.name.empty());
      ASSERT_LE(each.name.size() + each.value.size(), body.size());
    }
  }
  EXPECT_GT(read, 2000U);
  EXPECT_LT(read, 18'000U);
}

}  // namespace
}  // namespace otpd::net
