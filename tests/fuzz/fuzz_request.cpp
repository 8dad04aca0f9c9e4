#include <algorithm>
#include <string>
#include <vector>

#include "net/request_parser.hpp"

namespace {

using otpd::net::request_parser;

// What a connection's bytes are read as, whatever pieces they come in: each complete request in one line. (A
// flaw in an incomplete one may be seen earlier or later.)
std::vector<std::string> read_all(std::string_view bytes, std::size_t piece) {
  static const otpd::net::parser_limits limits;
  request_parser parser(limits);
  std::vector<std::string> out;
  std::size_t arrived = std::min(piece, bytes.size());
  std::size_t taken = 0;
  for (;;) {
    taken += parser.put(bytes.substr(taken, arrived - taken));
    if (parser.now() == request_parser::state::complete) {
      auto& request = parser.request();
      out.push_back(std::string(request.path) + "?" + std::string(request.query) + " " +
                    std::string(request.body));
      parser.reset();
      continue;
    }
    if (parser.now() == request_parser::state::refused) break;
    if (arrived == bytes.size()) break;
    arrived = std::min(arrived + piece, bytes.size());
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (read_all(bytes, bytes.size()) != read_all(bytes, data[0] % 17 + 1)) __builtin_trap();
  return 0;
}
