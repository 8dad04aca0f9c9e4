#pragma once

#include <string>

namespace otpd::test {

// A certificate with its key, PEM.
struct identity {
  std::string certificate;
  std::string key;
};

// An authority of its own, made by OpenSSL in memory: fresh keys in every run.
class authority {
 public:
  authority();

  // The authority's own certificate, PEM: what a client trusts.
  [[nodiscard]] const std::string& certificate() const noexcept { return self_.certificate; }
  // For `name`, a subjectAltName such as "DNS:localhost" or "IP:127.0.0.1"; valid from an hour before now
  // until `valid_for` seconds after now (negative: expired).
  [[nodiscard]] identity issue(const std::string& name, long valid_for = 3600) const;

 private:
  identity self_;
};

}  // namespace otpd::test
