#pragma once

// Project Wycheproof's vectors, outside the repository: <source>/../shared/data/wycheproof.

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/encoding.hpp"

namespace otpd::test {

inline std::filesystem::path vector_file(std::string_view name) {
  return std::filesystem::path(OTPD_SOURCE_DIR).parent_path() / "shared" / "data" / "wycheproof" / name;
}

// Nothing if the file is not there.
inline std::optional<boost::json::value> read_vectors(std::string_view name) {
  std::ifstream in(vector_file(name), std::ios::binary);
  if (!in) return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return boost::json::parse(text);
}

inline std::string unhex(const boost::json::value& hex) {
  std::string out(hex.as_string().size() / 2, '\0');
  if (!crypto::from_hex(hex.as_string(), {reinterpret_cast<std::uint8_t*>(out.data()), out.size()})) {
    throw std::runtime_error("a vector is not hex");
  }
  return out;
}

}  // namespace otpd::test
