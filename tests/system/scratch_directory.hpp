#pragma once

#include <filesystem>

namespace otpd::test {

// A fresh directory below the system's for temporary files, mode 0700; gone with its owner.
class scratch_directory {
 public:
  scratch_directory();
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return x_path; }

 private:
  std::filesystem::path x_path;
};

}  // namespace otpd::test
