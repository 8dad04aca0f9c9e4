#include "api/data_files.hpp"

#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>

namespace otpd::api::test {

namespace fs = std::filesystem;

namespace {

const fs::path source = OTPD_SOURCE_DIR;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

json_suite read_json_suite() {
  json_suite out;
  const fs::path whole = source / ".." / "shared" / "data" / "json-test-suite";
  out.is_whole = fs::is_directory(whole);
  for (const auto& each :
       fs::directory_iterator(out.is_whole ? whole : source / "tests" / "data" / "json-test-suite")) {
    if (each.path().extension() == ".json") out.files[each.path().filename().string()] = read(each.path());
  }
  return out;
}

std::vector<std::string> read_naughty_strings() {
  std::vector<std::string> out;
  const std::string text = read(source / ".." / "shared" / "data" / "blns.json");
  if (text.empty()) return out;
  const auto list = boost::json::parse(text);
  for (const auto& each : list.as_array())
    out.emplace_back(each.as_string());
  return out;
}

}  // namespace otpd::api::test
