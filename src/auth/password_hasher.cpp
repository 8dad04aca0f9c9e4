#include "auth/password_hasher.hpp"

#include <argon2.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include <utility>

namespace otpd::auth {

namespace {

namespace asio = boost::asio;

constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_size = 16;  // RFC 9106, 3.1
constexpr std::size_t tag_size = 32;
constexpr otp::milliseconds retry{1000};

// The whole buffer: a short text leaves itself behind where it is moved from.
void wipe(std::string& text) {
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace

password_hasher::password_hasher(const password_options& options) : options_(options) {
  crypto::random_source random;
  dummy_ = hashed("nobody has this password", random);
  for (std::size_t i = 0; i < options_.threads; ++i)
    threads_.emplace_back([this] { work(); });
}

password_hasher::~password_hasher() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  filled_.notify_all();
  for (std::thread& each : threads_)
    each.join();
}

std::string password_hasher::hashed(const std::string& password, crypto::random_source& random) const {
  std::array<std::uint8_t, salt_size> salt{};
  random.fill(salt);
  const std::size_t size =
      argon2_encodedlen(options_.iterations, options_.memory_kib, lanes, salt_size, tag_size, Argon2_id);
  std::string phc(size, '\0');
  const int error =
      argon2id_hash_encoded(options_.iterations, options_.memory_kib, lanes, password.data(), password.size(),
                            salt.data(), salt.size(), tag_size, phc.data(), phc.size());
  if (error != ARGON2_OK) throw std::runtime_error(std::string("argon2: ") + argon2_error_message(error));
  phc.resize(size - 1);  // its length counts the NUL
  return phc;
}

void password_hasher::do_job(job& one, crypto::random_source& random) const try {
  if (!one.verifies) {
    one.made = hashed(one.password, random);
  } else {
    const std::string& against = one.phc.empty() ? dummy_ : one.phc;
    const int error = argon2id_verify(against.c_str(), one.password.data(), one.password.size());
    one.is_right = error == ARGON2_OK && !one.phc.empty();
    one.has_failed = error == ARGON2_MEMORY_ALLOCATION_ERROR || error == ARGON2_THREAD_FAIL;
    if (one.is_right && is_outdated(one.phc)) one.made = hashed(one.password, random);
  }
  wipe(one.password);
} catch (const std::exception&) {  // no memory; what was found right is so without a new hash
  wipe(one.password);
  one.has_failed = !one.is_right;
}

password_hasher::job* password_hasher::next() {
  std::unique_lock lock(mutex_);
  filled_.wait(lock, [this] { return ends_ || !to_verify_.empty() || !to_hash_.empty(); });
  std::deque<job*>& from = to_verify_.empty() ? to_hash_ : to_verify_;
  if (from.empty()) return nullptr;
  job* one = from.front();
  from.pop_front();
  return one;
}

void password_hasher::work() {
  crypto::random_source random;
  while (job* one = next()) {
    do_job(*one, random);
    asio::post(*one->loop, [one] {
      auto resume = *std::move(one->resume);  // the job ends while it runs
      std::move(resume)();
    });
  }
}

bool password_hasher::is_outdated(std::string_view phc) const {
  // $argon2id$v=19$m=19456,t=2,p=1$salt$hash
  const std::string_view today = dummy_;
  const std::string_view options = today.substr(0, today.rfind('$', today.rfind('$') - 1) + 1);
  return !phc.starts_with(options);
}

outcome<password_hasher::place> password_hasher::reserve() {
  const std::size_t before = places_.fetch_add(1);
  place kept(places_);
  if (before >= options_.max_queued + options_.threads) return refusal{errc::overloaded, retry};
  return kept;
}

outcome<void> password_hasher::has_room() const {
  const std::lock_guard lock(mutex_);
  if (to_hash_.size() >= options_.max_queued) return refusal{errc::overloaded, retry};
  return {};
}

task<outcome<void>> password_hasher::run(job& one) {
  const auto loop = co_await asio::this_coro::executor;
  one.loop = &loop.context();
  {
    const std::lock_guard lock(mutex_);
    (one.verifies ? to_verify_ : to_hash_).push_back(&one);
  }
  // A thread may be done already, but it completes on this loop, which is busy here until the handler is in
  // place.
  auto initiate = [this, &one](auto handler) {
    one.resume.emplace(std::move(handler));
    filled_.notify_one();
  };
  constexpr asio::use_awaitable_t<loop_executor> token;
  co_await asio::async_initiate<decltype(token), void()>(std::move(initiate), token);
  if (one.has_failed) co_return refusal{errc::overloaded, retry};
  co_return outcome<void>{};
}

task<outcome<std::string>> password_hasher::hash(std::string password) {
  job one;
  one.password = std::move(password);
  wipe(password);
  const auto done = co_await run(one);
  if (done.has_error()) co_return done.error();
  co_return std::move(one.made);
}

task<outcome<password_hasher::verdict>> password_hasher::verify(place kept, std::string password,
                                                                std::string phc) {
  const place until_done = std::move(kept);
  job one;
  one.verifies = true;
  one.phc = std::move(phc);
  // Nobody has so long a one; the work is done all the same.
  if (password.size() > max_length) one.phc.clear();
  password.resize(std::min(password.size(), max_length));
  one.password = std::move(password);
  wipe(password);
  const auto done = co_await run(one);
  if (done.has_error()) co_return done.error();
  co_return verdict{one.is_right, std::move(one.made)};
}

}  // namespace otpd::auth
