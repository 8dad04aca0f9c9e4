#pragma once

// Directories and files for the store's tests.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace otpd::store::test {

// A directory of its own below `root`, removed at the end. The default root is the build tree: a real disk.
class scratch {
 public:
  explicit scratch(const std::filesystem::path& root = std::filesystem::current_path());
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// Memory where there is some: for what opens thousands of stores and asks nothing of the disk.
[[nodiscard]] std::filesystem::path quick_root();

// A store's directory and its mark, as `kill -9` would leave them.
void copy_store(const std::filesystem::path& from, const std::filesystem::path& to);

// The write-ahead logs of a store, oldest first.
[[nodiscard]] std::vector<std::filesystem::path> logs_of(const std::filesystem::path& store);

[[nodiscard]] std::string read_file(const std::filesystem::path& file);
void write_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace otpd::store::test
