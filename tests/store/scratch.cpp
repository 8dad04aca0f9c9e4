#include "store/scratch.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace otpd::store::test {

namespace fs = std::filesystem;

scratch::scratch(const fs::path& root) {
  std::string pattern = (root / "store-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error("no scratch directory in " + root.string());
  path_ = pattern;
}

scratch::~scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path quick_root() {
  return ::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::current_path();
}

void copy_store(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
  const fs::path mark = from.string() + ".mark";
  if (fs::exists(mark)) fs::copy_file(mark, to.string() + ".mark", fs::copy_options::overwrite_existing);
}

std::vector<fs::path> logs_of(const fs::path& store) {
  std::vector<fs::path> out;
  for (const auto& file : fs::directory_iterator(store / "db")) {
    if (file.path().extension() == ".log") out.push_back(file.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace otpd::store::test
