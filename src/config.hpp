#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "api/dialects/options.hpp"
#include "auth/password_options.hpp"
#include "auth/token_policy.hpp"
#include "mail/smtp_options.hpp"
#include "otp/limits_options.hpp"
#include "otp/profile.hpp"
#include "otp/test_recipient.hpp"
#include "sms/http_gateway_options.hpp"
#include "sms/mshastra_options.hpp"
#include "sms/on_ambiguous.hpp"
#include "sms/receipt_options.hpp"
#include "sms/twilio_options.hpp"
#include "sms/vonage_options.hpp"
#include "store/options.hpp"

namespace otpd {

// The configuration says something that cannot be. The message names the key and the line.
class config_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct tls_config {
  std::filesystem::path certificate;  // PEM chain
  std::filesystem::path private_key;  // PEM
};

struct server_config {
  std::string listen = "127.0.0.1:8080";        // address:port, IPv6 in brackets
  std::string admin_listen = "127.0.0.1:8081";  // empty: none
  unsigned threads = 0;                         // event loops; 0: one per core
  std::optional<tls_config> tls;
  std::vector<std::string> cors_origins;     // whose pages may call the dialects and the token calls
  std::vector<std::string> trusted_proxies;  // addresses or CIDR blocks
  unsigned proxy_hops = 1;                   // how many trusted proxies append to X-Forwarded-For
  bool insecure_http = false;                // allow a plain listener that is not loopback
  std::uint32_t max_connections = 20000;
  std::uint32_t max_connections_per_ip = 1024;  // loopback is not counted
  std::chrono::milliseconds header_timeout{5000};
  std::chrono::milliseconds body_timeout{5000};
  std::chrono::milliseconds write_timeout{10000};
  std::chrono::milliseconds idle_timeout{60000};
  std::chrono::milliseconds pre_drain{5000};  // readiness fails this long before the listener closes
  std::chrono::milliseconds drain_timeout{25000};
};

struct api_key_config {
  std::string name;  // for logs and metrics
  std::array<std::uint8_t, 32> sha256{};
};

enum class provider_type : std::uint8_t { console, null, inbox, http, twilio, mshastra, vonage, smtp };

struct provider_config {
  std::string name;
  provider_type type = provider_type::console;
  bool allow_remote_console = false;  // console on a non-loopback listener
  // Those of its type are what it says, the others as they are built.
  sms::http_gateway_options http;
  sms::twilio_options twilio;
  sms::mshastra_options mshastra;
  sms::vonage_options vonage;
  mail::smtp_options smtp;
  bool breaker_per_country = false;
  // How its receipts are believed, by type.
  sms::vonage_receipt_options vonage_receipts;
  sms::http_receipt_options http_receipts;
};

// When a request is answered: once a provider has its message, or once the message is in the outbox.
enum class delivery_mode : std::uint8_t { wait, queue };

struct route_config {
  otp::channel channel = otp::channel::sms;
  std::string prefix;   // "+49"
  std::string profile;  // whose messages; empty: every profile's
  std::vector<std::string> providers;
  std::string from;
};

struct delivery_config {
  // Providers' names in the order of asking; none: the channel is off but for its routes.
  std::vector<std::string> sms{"console"};
  std::vector<std::string> email{"console"};
  std::vector<route_config> routes;
  delivery_mode mode = delivery_mode::wait;
  sms::on_ambiguous on_ambiguous = sms::on_ambiguous::failover;
  std::chrono::milliseconds sms_deadline{15'000};
  std::chrono::milliseconds email_deadline{30'000};
  std::string public_url;  // where providers find us, for receipts; empty: none are asked for
};

enum class log_level : std::uint8_t { trace, debug, info, warn, error };

struct config {
  server_config server;
  store::options store;
  std::filesystem::path
      master_key_file;     // empty: the store's path with ".key" appended; made on first start with mode 0600
  std::string master_key;  // 64 hex digits from the environment; wins over the file
  std::vector<api_key_config> api_keys;
  otp::limits_options limits;
  std::vector<otp::profile> profiles;      // always has one named "default"
  std::vector<provider_config> providers;  // always has "console" and "null"
  delivery_config delivery;
  api::dialects::dialects_options dialects;
  auth::token_options tokens;
  auth::password_options passwords;
  std::vector<otp::test_recipient> test_recipients;
  log_level level = log_level::info;
  bool clock_suspect_confirmed = false;  // --confirm-clock
  bool accept_restore = false;           // --accept-restore
  std::vector<std::string> warnings;     // what is accepted but unusual, worded as a config_error is
};

// Reads and checks a whole TOML text. `origin` is what errors call it. Unknown keys are errors.
// Secrets given as {file = "..."} or {env = "..."} are read here, but for the master key's file. Throws
// config_error, whose message is "origin:LINE: server.listen: what is wrong and what would be right".
[[nodiscard]] config parse_config(std::string_view toml, std::string_view origin);
// The same from a file.
[[nodiscard]] config load_config(const std::filesystem::path& file);
// What a server without a configuration file does.
[[nodiscard]] config default_config();
// Every key, sorted: "server.listen", "profiles.NAME.lifetime", "api_keys.sha256".
[[nodiscard]] std::vector<std::string> known_config_keys();

}  // namespace otpd
