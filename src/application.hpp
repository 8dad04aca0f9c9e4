#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/admin.hpp"
#include "api/client_address.hpp"
#include "api/cors.hpp"
#include "api/native.hpp"
#include "auth/password_hasher.hpp"
#include "auth/token_signer.hpp"
#include "config.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/random.hpp"
#include "delivery_parts.hpp"
#include "limit_keeper.hpp"
#include "log.hpp"
#include "metrics/registry.hpp"
#include "net/client_tls.hpp"
#include "net/http_client.hpp"
#include "net/server.hpp"
#include "otp/verifier.hpp"
#include "outbox.hpp"
#include "store/engine.hpp"
#include "store/life_clock.hpp"
#include "watch.hpp"

namespace otpd {

// The server, put together: the members stand in the order in which they need each other, and end in the
// opposite one.
class application {
 public:
  // Opens the store and binds nothing yet. Throws store::store_error, config_error or std::runtime_error.
  application(const config& settings, log& lines);
  application(const application&) = delete;
  application& operator=(const application&) = delete;
  ~application();

  // Binds and serves. Throws boost::system::system_error if an address cannot be had.
  void start();
  // From any thread: readiness fails from now on.
  void announce_stop() noexcept { stopping_ = true; }
  // Finishes what was begun, within `bound`, stores everything, ends the loops. False: a request was still
  // running; its frames refer to what ends before them, so the process must end without destroying this.
  [[nodiscard]] bool stop(std::chrono::milliseconds bound);
  // From any thread, during stop(): cuts off what is still running.
  void stop_now();
  // The certificate and key of the configuration; nothing: it has none. Throws config_error.
  [[nodiscard]] static std::shared_ptr<net::tls_contexts> load_certificate(const config& settings);
  // Checks every record and checksum of a store that no process serves. Throws store::store_error.
  static void verify_store(const config& settings);
  // Reads the certificate again. The error, or nothing.
  [[nodiscard]] std::string reload_certificate();

  [[nodiscard]] std::uint16_t port() const noexcept { return api_->port(); }
  [[nodiscard]] std::uint16_t admin_port() const noexcept { return admin_ ? admin_->port() : 0; }

 private:
  // What one event loop has for itself.
  struct loop_parts;

  void warn_of_dialects();
  void make_loops();
  void start_outboxes();
  void add_delivery_gauges();
  void make_servers();
  void add_gauges();
  [[nodiscard]] std::vector<std::string> why_not_ready() const;
  [[nodiscard]] bool force_breaker(std::string_view provider, std::string_view mode);

  const config& settings_;
  log& lines_;
  crypto::key_ring ring_;
  std::unique_ptr<metrics::registry> numbers_;
  store_watch store_watch_;
  store::system_time time_;
  store::life_clock clock_;
  net::event_loops loops_;
  store::engine store_;
  limit_keeper limits_;
  api::api_keys keys_;
  api::cors origins_;
  api::trusted_proxies proxies_;
  auth::token_signer signer_;
  auth::password_hasher hasher_;
  std::function<std::int64_t(otp::instant)> unix_ms_;
  delivery_parts delivery_;
  std::vector<std::unique_ptr<loop_parts>> parts_;
  std::shared_ptr<net::tls_contexts> tls_;
  std::unique_ptr<net::server> api_;
  std::unique_ptr<net::server> admin_;
  std::atomic<bool> stopping_{false};
};

}  // namespace otpd
