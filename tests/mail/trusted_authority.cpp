#include "mail/trusted_authority.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace otpd::test {

const authority& our_authority() {
  static const authority instance;
  return instance;
}

std::shared_ptr<const net::client_tls> trust_in(const authority& who) {
  const auto file = std::filesystem::temp_directory_path() / ("otpd-mail-ca-" + std::to_string(::getpid()));
  std::ofstream{file} << who.certificate();
  auto out = std::make_shared<const net::client_tls>(file);
  std::filesystem::remove(file);
  return out;
}

std::shared_ptr<const net::client_tls> our_trust() {
  static const auto instance = trust_in(our_authority());
  return instance;
}

}  // namespace otpd::test
