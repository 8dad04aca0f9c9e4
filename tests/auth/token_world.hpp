#pragma once

// Tokens and accounts on a real store and several event loops.

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "auth/accounts.hpp"
#include "auth/tokens.hpp"
#include "crypto/random.hpp"
#include "otp/recipient.hpp"
#include "store/world.hpp"

namespace otpd::auth::test {

class system_entropy final : public otp::entropy {
 public:
  void fill(std::span<std::uint8_t> out) override { source_.fill(out); }

 private:
  crypto::random_source source_;
};

inline crypto::secret_key master(std::uint8_t number = 1) {
  crypto::secret_key out;
  out.bytes()[0] = number;
  return out;
}

// A store, its clock, a signer, and for each loop accounts and tokens. Time stands still until it is told.
class token_world {
 public:
  explicit token_world(std::size_t loops = 1, token_options options = {})
      : disk(loops, store::test::quick_root()), signer(options, ring), policy(options.policy) {
    disk.settings.store.durability = store::durability::process;
    open();
  }

  // Also again: the process is gone, what was durable is there.
  void open() {
    sides.clear();
    disk.open();
    for (std::size_t i = 0; i < loop_count; ++i)
      sides.push_back(std::make_unique<side>(*this));
  }

  template <class T>
  T run(task<T> work, std::size_t loop = 0) {
    return disk.loops.run(std::move(work), loop);
  }
  void pass(std::chrono::milliseconds time) { disk.time.pass(time.count()); }

  // An account with a proven phone number.
  account somebody(const std::string& phone = "+12125550123") {
    const auto who = otp::parse_recipient(phone, {});
    const auto made = run(people().prove({"default", *who, true, {}}));
    EXPECT_TRUE(made.has_value());
    return made.has_value() ? *made : account{};
  }
  accounts& people(std::size_t loop = 0) { return sides[loop]->people; }
  auth::tokens& tokens(std::size_t loop = 0) { return sides[loop]->tokens; }

  // "ok", or why not.
  outcome<token_pair> refresh(const std::string& token) { return run(tokens().refresh(token, policy)); }

  struct side {
    explicit side(token_world& of)
        : people(of.disk.store(), *of.disk.clock, of.ring, random),
          tokens({of.disk.store(), *of.disk.clock, of.signer, of.unix_ms}, of.ring, people, random) {}
    system_entropy random;
    accounts people;
    auth::tokens tokens;
  };

  static constexpr std::size_t loop_count = 4;
  store::test::world disk;
  crypto::key_ring ring{master()};
  token_signer signer;
  token_policy policy;
  std::function<std::int64_t(otp::instant)> unix_ms = [this](otp::instant when) {
    return disk.clock->wall_ms(when);
  };
  std::vector<std::unique_ptr<side>> sides;
};

}  // namespace otpd::auth::test
