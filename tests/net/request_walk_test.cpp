#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "net/request_parser.hpp"

namespace otpd::net {
namespace {

// A request as it was meant, and the same as a reader has to see it.
struct meant {
  std::string method, path, query, body;
  std::vector<std::pair<std::string, std::string>> fields;
  bool chunked = false;
  bool operator==(const meant&) const = default;
};

class walk {
 public:
  explicit walk(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }

  std::string text(std::size_t most, std::string_view alphabet) {
    std::string s(below(most + 1), ' ');
    for (auto& c : s)
      c = alphabet[below(alphabet.size())];
    return s;
  }

  meant request() {
    static constexpr std::string_view token = "abcXYZ019!#$%&'*+-.^_`|~";
    static constexpr std::string_view visible = "abcXYZ 019:;,=\t\"(){}[]\\/\xc3\xa4";
    static constexpr const char* methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    meant r;
    r.method = methods[below(7)];
    r.path = "/" + text(30, "abc/%20.-_~");
    r.query = text(10, "a=b&c?/");
    r.fields.emplace_back("Host", "h" + text(5, "abc.-"));
    for (std::size_t i = below(8); i > 0; --i) {
      auto value = text(40, visible);
      while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
        value.pop_back();
      value.erase(0, value.find_first_not_of(" \t"));
      r.fields.emplace_back("X-" + text(10, token), value);
    }
    r.chunked = below(2) == 0;
    std::string body(below(4) == 0 ? below(3000) : below(50), ' ');
    for (auto& c : body)
      c = static_cast<char>(below(4) == 0 ? "\r\n0;"[below(4)] : static_cast<char>(random_()));
    if (r.chunked || below(3) > 0) r.body = body;
    return r;
  }

  std::string bytes_of(meant& r) {
    std::string out = r.method + " " + r.path + (r.query.empty() ? "" : "?" + r.query) + " HTTP/1.1\r\n";
    if (r.chunked) {
      r.fields.emplace_back("Transfer-Encoding", "chunked");
    } else if (!r.body.empty() || below(2) == 0) {
      r.fields.emplace_back("Content-Length", std::to_string(r.body.size()));
    }
    for (const auto& [name, value] : r.fields)
      out += name + ":" + text(2, " \t") + value + text(2, " \t") + "\r\n";
    out += "\r\n";
    return out + (r.chunked ? chunks_of(r.body) : r.body);
  }

  std::string chunks_of(std::string_view body) {
    std::string out;
    while (!body.empty()) {
      const std::size_t n = 1 + below(std::min<std::size_t>(body.size(), 400));
      char size[32];
      std::snprintf(size, sizeof size, below(2) == 0 ? "%zx" : "%05zX", n);
      out.append(size)
          .append(below(8) == 0 ? ";a=\"b c\"" : "")
          .append("\r\n")
          .append(body.substr(0, n))
          .append("\r\n");
      body.remove_prefix(n);
    }
    out += "0\r\n";
    for (std::size_t i = below(4) == 0 ? below(3) : 0; i > 0; --i)
      out += "X-Trailer: t\r\n";
    return out + "\r\n";
  }

 private:
  std::mt19937 random_;
};

meant seen_by(const request& r) {
  static constexpr const char* methods[] = {"GET",   "HEAD",   "POST",    "PUT",
                                            "PATCH", "DELETE", "OPTIONS", "OTHER"};
  meant m{methods[static_cast<std::size_t>(r.method)],
          std::string(r.path),
          std::string(r.query),
          std::string(r.body),
          {},
          false};
  for (const auto& f : r.fields)
    m.fields.emplace_back(f.name, f.value);
  m.chunked = r.field_value("transfer-encoding") == "chunked";
  return m;
}

// Valid requests, one behind the other, in pieces of random sizes: what comes out is what was meant.
void take_a_walk(unsigned seed) {
  walk w(seed);
  std::vector<meant> expected;
  std::string stream;
  for (std::size_t i = 1 + w.below(6); i > 0; --i) {
    auto r = w.request();
    if (w.below(6) == 0) stream += "\r\n";
    stream += w.bytes_of(r);
    expected.push_back(std::move(r));
  }
  // Extensions are bounded over the whole body; this walk is about framing.
  parser_limits limits;
  limits.chunk_extension_bytes = 4096;
  request_parser parser(limits);
  std::vector<meant> seen;
  std::string buffer;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t piece = 1 + w.below(w.below(2) == 0 ? 5 : 2000);
    buffer.append(stream, at, piece);
    at += piece;
    for (;;) {
      buffer.erase(0, parser.put(buffer));
      ASSERT_NE(parser.now(), request_parser::state::refused)
          << "seed " << seed << ", flaw " << static_cast<int>(parser.flaw()) << "\n"
          << stream;
      if (parser.now() != request_parser::state::complete) break;
      seen.push_back(seen_by(parser.request()));
      parser.reset();
      if (w.below(3) == 0) parser.shrink();
    }
  }
  ASSERT_EQ(seen.size(), expected.size()) << "seed " << seed;
  for (std::size_t i = 0; i < seen.size(); ++i)
    ASSERT_TRUE(seen[i] == expected[i]) << "seed " << seed << ", request " << i << "\n" << stream;
}

TEST(RequestWalk, ReadsWhateverWasMeantHoweverItArrives) {
  const unsigned base = std::random_device{}();
  std::cout << "seeds " << base << " to " << base + 1999 << "\n";
  for (unsigned i = 0; i < 2000 && !testing::Test::HasFatalFailure(); ++i)
    take_a_walk(base + i);
}

// Random damage: never a crash, never more than one refusal, and whatever is read before the damage is right.
TEST(RequestWalk, SurvivesDamage) {
  const unsigned base = std::random_device{}();
  std::cout << "seeds " << base << " to " << base + 4999 << "\n";
  const parser_limits limits;
  for (unsigned i = 0; i < 5000; ++i) {
    walk w(base + i);
    auto meant = w.request();
    std::string stream = w.bytes_of(meant);
    for (std::size_t n = 1 + w.below(3); n > 0; --n) {
      stream[w.below(stream.size())] =
          w.below(2) == 0 ? static_cast<char>(w.below(256)) : "\r\n:; \t0"[w.below(7)];
    }
    request_parser parser(limits);
    std::string buffer;
    for (std::size_t at = 0; at < stream.size() && parser.now() != request_parser::state::refused;) {
      const std::size_t piece = 1 + w.below(40);
      buffer.append(stream, at, piece);
      at += piece;
      buffer.erase(0, parser.put(buffer));
      if (parser.now() == request_parser::state::complete) parser.reset();
    }
  }
}

}  // namespace
}  // namespace otpd::net
