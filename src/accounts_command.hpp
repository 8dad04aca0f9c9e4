#pragma once

#include <filesystem>
#include <string>

#include "config.hpp"

namespace CLI {
class App;
}

namespace otpd {

// otpd accounts import FILE [--realm NAME] [--region CODE] [--server ADDRESS]: hands the accounts of a CSV
// file to the server that runs with this configuration. docs/accounts.md describes it.
class accounts_command {
 public:
  // Adds itself to the command line; outlives its parsing.
  explicit accounts_command(CLI::App& cli);
  accounts_command(const accounts_command&) = delete;
  accounts_command& operator=(const accounts_command&) = delete;

  [[nodiscard]] bool is_given() const;
  // The exit code: 0; 1 if the server refused some lines; 65 if a line is wrong, and nothing was imported;
  // 66 if the file cannot be read; 69 if no server answers; 78 if no administration is configured.
  [[nodiscard]] int run(const config& settings) const;

 private:
  [[nodiscard]] std::string region_in(const config& settings) const;
  [[nodiscard]] int upload(const config& settings, const std::string& region, std::size_t lines) const;

  CLI::App* import_;
  std::filesystem::path file_;
  std::string realm_ = "s0";
  std::string region_;
  std::string server_;  // address:port; empty: as the configuration says
};

}  // namespace otpd
