#include "net/parsed_stream.hpp"

#include <gtest/gtest.h>

namespace otpd::net::test {

std::vector<std::string> parse_pieces(const parser_limits& limits,
                                      const std::vector<std::string_view>& pieces) {
  static constexpr std::string_view names[] = {"GET",   "HEAD",   "POST",    "PUT",
                                               "PATCH", "DELETE", "OPTIONS", "OTHER"};
  std::vector<std::string> seen;
  request_parser parser(limits);
  std::string buffer;
  for (const auto piece : pieces) {
    buffer.append(piece);
    for (;;) {
      buffer.erase(0, parser.put(buffer));
      if (parser.now() == request_parser::state::refused) {
        seen.push_back("!" + std::to_string(status_of(parser.flaw())) + " " +
                       std::string(code_of(parser.flaw())));
        return seen;
      }
      if (parser.now() != request_parser::state::complete) break;
      const auto& r = parser.request();
      std::string line(names[static_cast<std::size_t>(r.method)]);
      line.append(" ").append(r.path).append("?").append(r.query);
      for (const auto& f : r.fields)
        line.append(" [").append(f.name).append("=").append(f.value).append("]");
      line.append(" {").append(r.body).append(parser.keep_alive() ? "}" : "} last");
      seen.push_back(line);
      parser.reset();
    }
  }
  return seen;
}

std::vector<std::string> parse_in_every_way(const std::string& stream, const parser_limits& limits) {
  const std::string_view all = stream;
  const auto expected = parse_pieces(limits, {all});
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < all.size(); ++i)
    bytes.push_back(all.substr(i, 1));
  EXPECT_EQ(parse_pieces(limits, bytes), expected) << "byte by byte: " << stream;
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    EXPECT_EQ(parse_pieces(limits, {all.substr(0, cut), all.substr(cut)}), expected)
        << "cut at " << cut << ": " << stream;
  }
  return expected;
}

}  // namespace otpd::net::test
