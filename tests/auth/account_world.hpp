#pragma once

// The vocabulary of the tests of accounts, attempts and sessions: each with a store in memory, a clock that
// stands still and keys of its own.

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "auth/accounts.hpp"
#include "auth/attempts.hpp"
#include "auth/web_sessions.hpp"
#include "otp/verifier_world.hpp"

namespace otpd::auth::test {

using otp::test::fault;
using otp::test::memory_store;

inline const std::string phone = "+14155552671";
inline const std::string other_phone = "+14155552672";
inline const std::string email = "Jo+shop@example.com";
inline const std::string other_email = "ann@example.com";

[[nodiscard]] inline otp::recipient who(std::string_view address) {
  return otp::parse_address(address).value();
}

[[nodiscard]] inline std::string word(errc code) {
  switch (code) {
    case errc::invalid_token:
      return "invalid_token";
    case errc::no_account:
      return "no_account";
    case errc::account_disabled:
      return "account_disabled";
    case errc::address_taken:
      return "address_taken";
    case errc::wrong_password:
      return "wrong_password";
    case errc::blocked:
      return "blocked";
    case errc::overloaded:
      return "overloaded";
    case errc::store_unavailable:
      return "store_unavailable";
  }
  return "?";
}
// "ok", or the refusal.
template <class T>
[[nodiscard]] std::string word(const outcome<T>& out) {
  return out.has_value() ? "ok" : word(out.error().code);
}

// Everything that the tested parts need of the world.
struct world {
  // Runs it to its end, and all else that is on the loop.
  template <class T>
  T run(task<T> work) {
    std::optional<T> out;
    start(std::move(work), [&out](T value) { out.emplace(std::move(value)); });
    finish();
    return *std::move(out);
  }
  template <class T, class Then>
  void start(task<T> work, Then then) {
    boost::asio::co_spawn(loop, std::move(work), [then](std::exception_ptr error, T value) {
      if (error) std::rethrow_exception(error);
      then(std::move(value));
    });
  }
  void finish() {
    loop.restart();
    loop.run();
  }
  void pass(otp::milliseconds time) { clock.at.now += time; }
  [[nodiscard]] otp::instant now() const { return clock.at.now; }

  boost::asio::io_context loop{1};
  otp::test::fake_clock clock;
  otp::test::fixed_entropy random;
  memory_store store{clock};
  crypto::key_ring ring{otp::test::master_key(1)};
};

struct account_world : world {
  // What an administrator enters of one address or two.
  [[nodiscard]] account_entry entry(std::string_view address, std::string_view further = {}) const {
    account_entry out;
    out.realm = "r";
    for (const std::string_view each : {address, further}) {
      if (each.empty()) continue;
      (each.find('@') == each.npos ? out.phone : out.email) = who(each);
    }
    return out;
  }
  outcome<account> put(account_entry one) { return run(tested.put(std::move(one))); }
  outcome<account> prove(std::string_view address, bool makes_account = true, std::string_view hash = {}) {
    const otp::recipient whose = who(address);
    return run(tested.prove({"r", whose, makes_account, hash}));
  }
  std::optional<account> find(std::string_view address, std::string_view realm = "r") {
    return run(tested.find(realm, who(address))).value();
  }
  std::optional<account> find_id(std::string_view id) { return run(tested.find_id(id)).value(); }
  bool remove(std::string_view address) { return run(tested.remove("r", who(address))).value(); }

  accounts tested{store, clock, ring, random};
};

}  // namespace otpd::auth::test
