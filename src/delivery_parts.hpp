#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config.hpp"
#include "inbox_shelf.hpp"
#include "net/client_tls.hpp"
#include "net/http_client.hpp"
#include "sms/console.hpp"
#include "sms/dispatcher.hpp"
#include "sms/receipt.hpp"

namespace otpd {

// What one event loop has of the providers.
struct loop_outlets {
  std::vector<std::unique_ptr<sms::carrier>> carriers;  // by the number of the provider; null: sends nothing
  std::vector<sms::outlet> outlets;                     // likewise
};

// The providers as the configuration names them, and what all loops share of them: codecs, health, routes,
// texts, inboxes, readers of receipts.
class delivery_parts {
 public:
  // `settings` outlives it; `wall` is the wall clock, thread-safe. Throws config_error or std::runtime_error.
  delivery_parts(const config& settings, std::function<std::chrono::sys_seconds()> wall);
  delivery_parts(const delivery_parts&) = delete;
  delivery_parts& operator=(const delivery_parts&) = delete;

  [[nodiscard]] sms::dispatch_plan& plan() noexcept { return plan_; }
  // Both `this` and `client` outlive what is made.
  [[nodiscard]] loop_outlets make_outlets(loop_executor loop, net::http_client& client);

  // Null: there is no such provider, or it sends no receipts.
  [[nodiscard]] const sms::receipt_reader* reader_of(std::string_view provider) const noexcept;
  // Null: no provider is an inbox.
  [[nodiscard]] inbox_shelf* inboxes() noexcept { return inboxes_.empty() ? nullptr : &inboxes_; }
  // Null: there is no such provider.
  [[nodiscard]] sms::provider_health* health_of(std::string_view provider) const noexcept;

 private:
  void make_books();
  void make_routes();
  void make_readers();
  [[nodiscard]] sms::route route_of(otp::channel channel, const std::vector<std::string>& providers) const;
  [[nodiscard]] std::string callback_of(const provider_config& provider) const;
  [[nodiscard]] std::unique_ptr<sms::carrier> make_carrier(std::size_t number, loop_executor loop,
                                                           net::http_client& client);

  const config& settings_;
  sms::dispatch_plan plan_;
  std::unique_ptr<sms::console> console_;
  inbox_shelf inboxes_;
  std::vector<std::unique_ptr<sms::provider>> codecs_;              // by the number of the provider
  std::vector<std::shared_ptr<const net::client_tls>> mail_trust_;  // likewise
  std::vector<std::unique_ptr<sms::provider_health>> healths_;      // likewise
  std::map<std::string, std::unique_ptr<sms::receipt_reader>, std::less<>> readers_;
};

}  // namespace otpd
