#pragma once

#include <string>

#include "api/dialects/dialect.hpp"
#include "api/dialects/options.hpp"
#include "auth/sign_in.hpp"

namespace otpd::api::dialects {

// System s2: registration by phone number, then login by password or code, all within a server-side session
// (docs/migrating.md). Too many failures in a row block the client.
class s2 final : public dialect {
 public:
  // `of_client`: how many attempts of a client may fail; `min_password`: characters of a new password.
  // References outlive it.
  s2(const dialect_parts& parts, const otp::profile& policy, const s2_options& options,
     const auth::attempt_policy& of_client, std::size_t min_password)
      : parts_(parts),
        policy_(policy),
        options_(options),
        of_client_(of_client),
        min_password_(min_password),
        sign_in_(parts.accounts, parts.attempts, parts.passwords) {}

  [[nodiscard]] std::span<const route> routes() const noexcept override;
  task<void> serve(std::size_t number, const net::request& in, net::response& out) override;

 private:
  // What a request says, canonical.
  struct words {
    otp::recipient who;
    std::string password;
    std::string code;
    bool has_code = false;  // it may be empty, or no text
    bool is_bare = false;   // neither password nor code is there at all
  };
  struct texts {
    std::string_view success;
    std::string_view failure;
  };

  [[nodiscard]] bool read(const net::request& in, words& into, net::response& out) const;
  [[nodiscard]] auth::sign_in_bounds bounds_of(const net::request& in) const;
  task<void> register_number(const net::request& in, net::response& out);
  task<void> verify(const net::request& in, net::response& out);
  task<void> login(const net::request& in, net::response& out);
  // Sends a code for the address and purpose of `state`, which then has its verification. False: it was not
  // sent, and that is answered.
  task<bool> send_code(const net::request& in, auth::web_session& state, net::response& out);
  // A fresh session for who has a code under way.
  task<void> begin_session(const net::request& in, auth::web_session state, net::response& out);
  // Whom a code proves, judged against the session's own verification of this purpose and number. Refuses
  // with wrong_password, also where it has none, and with blocked and store_unavailable, where nothing was
  // judged.
  task<auth::outcome<otp::recipient>> judge(const net::request& in, const words& said,
                                            const auth::web_session& state, std::string_view purpose);
  // The account of a number that is proven now.
  task<auth::outcome<auth::account>> confirm(const net::request& in, const words& said);
  // The account that the request proves itself to be of. `place`: for its password, where it has one and no
  // code.
  task<auth::outcome<auth::account>> log_in(const net::request& in, const words& said,
                                            std::optional<auth::password_hasher::place> place);
  // Settles what was charged; `next` is the session of who has succeeded.
  task<void> finish(const net::request& in, const auth::outcome<auth::account>& came, auth::web_session next,
                    const texts& say, net::response& out);
  task<auth::outcome<auth::web_session>> session_of(const net::request& in);

  dialect_parts parts_;
  const otp::profile& policy_;
  const s2_options& options_;
  auth::attempt_policy of_client_;
  std::size_t min_password_;
  auth::sign_in sign_in_;
};

}  // namespace otpd::api::dialects
