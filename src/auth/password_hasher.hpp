#pragma once

#include <memory>
#include <string>

#include "auth/password_options.hpp"
#include "auth/refusal.hpp"
#include "task.hpp"

namespace otpd::auth {

// Argon2id on threads of its own, so that no event loop waits for it. One for the process; any loop may await
// it and resumes on itself.
class password_hasher {
 public:
  static constexpr std::size_t max_length = 128;  // bytes of a password

  explicit password_hasher(const password_options& options);
  password_hasher(const password_hasher&) = delete;
  password_hasher& operator=(const password_hasher&) = delete;
  // Nothing may be waiting any more.
  ~password_hasher();

  // The PHC string of a password under a fresh salt. Refuses with overloaded.
  task<outcome<std::string>> hash(std::string password);
  // Whether it is the password of `phc`. With an empty `phc` the same work is done and the answer is false,
  // so that nobody learns from the time which accounts have a password. Refuses with overloaded.
  task<outcome<bool>> verify(std::string password, std::string phc);

 private:
  struct pool;
  std::unique_ptr<pool> pool_;
};

}  // namespace otpd::auth
