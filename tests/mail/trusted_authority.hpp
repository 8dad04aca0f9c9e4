#pragma once

#include <memory>

#include "net/client_tls.hpp"
#include "net/test_certificates.hpp"

namespace otpd::test {

// One authority for all tests of the binary, and what trusts it.
[[nodiscard]] const authority& our_authority();
[[nodiscard]] std::shared_ptr<const net::client_tls> trust_in(const authority& who);
[[nodiscard]] std::shared_ptr<const net::client_tls> our_trust();

}  // namespace otpd::test
