#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace otpd::test {

// Looks for many secrets of one length in any bytes. Not copied: it holds views of its own strings.
class secret_search {
 public:
  enum class match {
    anywhere,      // whatever stands around
    whole_number,  // a run of digits that is the secret and nothing else
  };
  // Every secret has the same length, and their common beginning is not empty unless they are whole numbers.
  secret_search(std::vector<std::string> secrets, match how);
  secret_search(const secret_search&) = delete;
  secret_search& operator=(const secret_search&) = delete;

  // The secrets that are in `bytes`.
  [[nodiscard]] std::vector<std::string> found_in(std::string_view bytes) const;

 private:
  [[nodiscard]] std::vector<std::string> found_anywhere(std::string_view bytes) const;
  [[nodiscard]] std::vector<std::string> found_numbers(std::string_view bytes) const;

  std::vector<std::string> x_secrets;
  std::unordered_set<std::string_view> x_set;
  std::string x_prefix;
  std::size_t x_length = 0;
  match x_how;
};

// Every regular file below a directory.
[[nodiscard]] std::vector<std::filesystem::path> files_below(const std::filesystem::path& directory);

}  // namespace otpd::test
