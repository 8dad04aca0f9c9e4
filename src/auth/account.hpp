#pragma once

#include <string>

#include "otp/time.hpp"

namespace otpd::auth {

// Somebody whose address was proven, or whom an administrator has entered.
struct account {
  std::string id;  // 36 characters in the form of a UUID; the same for as long as the address is registered
  std::string realm;  // accounts of different realms know nothing of each other
  std::string phone;  // E.164; empty: none
  std::string email;  // as typed, domain in lower case; empty: none
  bool phone_verified = false;
  bool email_verified = false;
  bool disabled = false;      // by an administrator: proves nothing, gets no tokens, refreshes none
  std::string password_hash;  // Argon2id in PHC form; empty: no password
  otp::instant created{};
  otp::instant tokens_from{};  // tokens and families that began before are dead

  [[nodiscard]] bool operator==(const account&) const = default;
};

}  // namespace otpd::auth
