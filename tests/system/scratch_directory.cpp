#include "system/scratch_directory.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace otpd::test {

scratch_directory::scratch_directory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "otpd-system-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::system_category(), pattern);
  x_path = pattern;
}

scratch_directory::~scratch_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(x_path, ignored);
}

}  // namespace otpd::test
