#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>

#include "net/test_certificates.hpp"

namespace otpd::test {

// Debian's exim4 on a loopback port of the kernel's choice, with STARTTLS, AUTH over TLS only, and a maildir:
// a mail server that nobody wrote for us. It takes mail for example.com from user "otpd" with password()
// except for nobody@example.com. Everything is in a directory that goes away with it.
class exim_server {
 public:
  // Throws std::runtime_error that says what is missing: the binary (package exim4-daemon-light) or root.
  // `methods` is what AUTH offers: "PLAIN LOGIN" or one of them.
  explicit exim_server(const identity& who, const std::string& methods = "PLAIN LOGIN");
  exim_server(const exim_server&) = delete;
  exim_server& operator=(const exim_server&) = delete;
  ~exim_server();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] static std::string password() { return "s3cr:et pass"; }
  // The next message that arrives, as it lies in the maildir. Throws if none comes in time.
  std::string next_message(std::chrono::seconds patience = std::chrono::seconds{30});
  // What the server logged so far.
  [[nodiscard]] std::string log() const;

 private:
  void write_configuration(const identity& who, const std::string& methods) const;
  void start();

  std::filesystem::path root_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
  int arrivals_ = -1;                // inotify on the maildir
  std::deque<std::string> arrived_;  // file names not asked for yet
};

}  // namespace otpd::test
