#include "system/secret_search.hpp"

#include <algorithm>
#include <stdexcept>

namespace otpd::test {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

secret_search::secret_search(std::vector<std::string> secrets, match how)
    : x_secrets(std::move(secrets)), x_how(how) {
  if (x_secrets.empty()) throw std::invalid_argument("no secrets to look for");
  x_prefix = x_secrets.front();
  x_length = x_prefix.size();
  for (const std::string& each : x_secrets) {
    if (each.size() != x_length) throw std::invalid_argument("secrets of several lengths");
    x_set.insert(each);
    const auto differ = std::ranges::mismatch(x_prefix, each);
    x_prefix.erase(differ.in1, x_prefix.end());
  }
  if (how == match::anywhere && x_prefix.empty())
    throw std::invalid_argument("secrets without a common beginning");
}

std::vector<std::string> secret_search::found_in(std::string_view bytes) const {
  return x_how == match::anywhere ? found_anywhere(bytes) : found_numbers(bytes);
}

std::vector<std::string> secret_search::found_anywhere(std::string_view bytes) const {
  std::vector<std::string> out;
  for (auto at = bytes.find(x_prefix); at != bytes.npos; at = bytes.find(x_prefix, at + 1)) {
    const auto found = x_set.find(bytes.substr(at, x_length));
    if (found != x_set.end()) out.emplace_back(*found);
  }
  return out;
}

std::vector<std::string> secret_search::found_numbers(std::string_view bytes) const {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin < bytes.size();) {
    std::size_t end = begin;
    while (end < bytes.size() && is_digit(bytes[end]))
      ++end;
    const auto found = end - begin == x_length ? x_set.find(bytes.substr(begin, x_length)) : x_set.end();
    if (found != x_set.end()) out.emplace_back(*found);
    begin = end + 1;
  }
  return out;
}

std::vector<std::filesystem::path> files_below(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> out;
  for (const auto& each : std::filesystem::recursive_directory_iterator(directory)) {
    if (each.is_regular_file()) out.push_back(each.path());
  }
  return out;
}

}  // namespace otpd::test
