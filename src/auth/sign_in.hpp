#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/accounts.hpp"
#include "auth/attempts.hpp"
#include "auth/password_hasher.hpp"
#include "auth/refusal.hpp"

namespace otpd::auth {

// Whose failures a sign-in counts against.
struct sign_in_bounds {
  std::string_view scope;  // of the client's attempts
  std::optional<otp::caller::network> client;
  attempt_policy of_client;
};

// Signing in by password, and the counting around any sign-in. What an account without a password, or
// nobody's address, is asked takes the same steps and writes as a real one (RELIABILITY A6). One per event
// loop; what is passed in lives until the task ends.
class sign_in {
 public:
  sign_in(accounts& people, attempts& tries, password_hasher& hasher)
      : accounts_(people), attempts_(tries), hasher_(hasher) {}

  // Charges the client, before anything is judged. Refuses with blocked and overloaded.
  task<outcome<void>> charge(const sign_in_bounds& by);
  // What was charged failed, succeeded, or was not judged.
  task<outcome<void>> fail(const sign_in_bounds& by);
  task<outcome<void>> succeed(const sign_in_bounds& by);
  task<outcome<void>> give_back(const sign_in_bounds& by);

  // Judges a password; the account's own attempts are counted here, the client's by charge(). `place`: of the
  // hasher, taken before anything is charged. Refuses with wrong_password (also: no such account, none set,
  // disabled), and with blocked, overloaded and store_unavailable, in which case nothing was judged.
  task<outcome<account>> by_password(password_hasher::place place, std::string_view realm, otp::recipient who,
                                     std::string password);
  // A new password was set by who has proven the address: what failed with the old one says nothing of it,
  // and so the end of NIST's hundred in a row is no end for the address's owner (800-63B-4, 3.2.2).
  task<outcome<void>> rebind(std::string_view realm, otp::recipient who);

 private:
  accounts& accounts_;
  attempts& attempts_;
  password_hasher& hasher_;
};

}  // namespace otpd::auth
