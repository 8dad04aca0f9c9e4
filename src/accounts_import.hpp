#pragma once

#include <iosfwd>
#include <string>

#include "config.hpp"

namespace otpd {

// otpd accounts import
struct accounts_import {
  std::string file;
  std::string realm = "s0";
  std::string region;  // ISO 3166, of numbers without '+'; empty: none
  std::string server;  // address:port of the administration; empty: as the configuration says
};

// Puts each line of a CSV file (docs/api.md, Accounts) into the accounts of the server that runs, by its
// administration. Says on `said` what it did, and on `complaints` what is wrong. The exit code: 0, 1 the
// server refused some, 65 a line is wrong and nothing was imported, 66 the file cannot be read, 69 no server
// answers, 78 no administration is configured.
[[nodiscard]] int import_accounts(const accounts_import& what, const config& settings, std::ostream& said,
                                  std::ostream& complaints);

}  // namespace otpd
