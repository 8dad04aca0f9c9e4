#pragma once

#include <boost/system/result.hpp>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "otp/bucket.hpp"
#include "otp/profile.hpp"

namespace otpd {

// The configuration says something that cannot be. The message names the key and the line.
class config_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class durability : std::uint8_t {
  power,    // answers after fsync: what was acknowledged survives power loss
  process,  // answers after the write reached the kernel: survives kill -9, not power loss
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
  std::vector<std::string> trusted_proxies;     // addresses or CIDR blocks
  unsigned proxy_hops = 1;                      // how many trusted proxies append to X-Forwarded-For
  bool insecure_http = false;                   // allow a plain listener that is not loopback
  std::uint32_t max_connections = 20000;
  std::uint32_t max_connections_per_ip = 1024;  // loopback is not counted
  std::chrono::milliseconds header_timeout{5000};
  std::chrono::milliseconds body_timeout{5000};
  std::chrono::milliseconds write_timeout{10000};
  std::chrono::milliseconds idle_timeout{60000};
  std::chrono::milliseconds pre_drain{5000};    // readiness fails this long before the listener closes
  std::chrono::milliseconds drain_timeout{25000};
};

struct store_config {
  std::filesystem::path path = "data";
  std::filesystem::path master_key_file;  // empty: `path` with ".key" appended, made on first start with mode 0600
  std::string master_key;                 // 64 hex digits from the environment or the file; wins over the file
  otpd::durability durability = durability::power;
  std::uint64_t cache_mib = 64;
  std::uint64_t ballast_mib = 64;         // given up when the disk is full
  std::uint64_t min_free_mib = 256;       // below it no new verification is accepted
  std::uint32_t min_free_percent = 5;
  bool cancel_pending_on_rollback = true;
};

struct api_key_config {
  std::string name;                          // for logs and metrics
  std::array<std::uint8_t, 32> sha256{};
};

struct limits_config {
  otp::rate client_ip{60, std::chrono::minutes{1}};
  otp::rate prefix{100, std::chrono::hours{1}};       // a phone number without its last four digits
  otp::rate country{1000, std::chrono::minutes{1}};
  otp::rate api_key{1000, std::chrono::seconds{1}};
  otp::rate server{10000, std::chrono::seconds{1}};
  otp::rate recipient_per_day{10, std::chrono::hours{24}};
  otp::rate failures_per_ip{100, std::chrono::hours{1}};  // wrong answers
};

enum class provider_type : std::uint8_t { console, null, http };

// What an HTTP gateway's refusal means: the first rule whose every condition holds.
struct http_failure_rule {
  std::string status;         // "4xx", "503", "400-499"; empty: any
  std::string body_contains;  // empty: any
  std::string failure;        // a class of otp::failure by name
};

struct http_provider_config {
  std::string url;                                         // https://, or http:// to loopback or where `insecure` is true
  std::string method = "POST";
  std::map<std::string, std::string> headers;              // values may name {to}, {text}, ...
  std::string content_type = "json";                       // json | form | a literal media type
  std::string body;                                        // template: {to} {to_digits} {text} {from} {code}; values are escaped for the type
  std::string from;
  std::string success_status = "2xx";                      // list: "200,201" or "2xx"
  std::string success_body_contains;                       // empty: any
  std::string success_json_pointer;                        // RFC 6901; with success_json_value
  std::string success_json_value;
  std::string message_id_json_pointer;
  std::vector<http_failure_rule> failures;
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds timeout{10000};
  std::uint32_t max_connections = 64;                      // per event loop
  std::filesystem::path ca_file;                           // empty: the system's
  bool insecure = false;                                   // allow http:// to other than loopback
};

struct provider_config {
  std::string name;
  provider_type type = provider_type::console;
  bool allow_remote_console = false;  // console on a non-loopback listener
  http_provider_config http;
};

struct delivery_config {
  std::string sms = "console";    // provider name; empty: the channel is off
  std::string email = "console";
};

enum class log_level : std::uint8_t { trace, debug, info, warn, error };

struct config {
  server_config server;
  store_config store;
  std::vector<api_key_config> api_keys;
  limits_config limits;
  std::vector<otp::profile> profiles;      // always has one named "default"
  std::vector<provider_config> providers;  // always has "console" and "null"
  delivery_config delivery;
  log_level level = log_level::info;
  bool clock_suspect_confirmed = false;    // --confirm-clock
  bool accept_restore = false;             // --accept-restore
};

// Reads and checks a whole TOML text. `origin` is what errors call it. Unknown keys are errors.
// Secrets given as {file = "..."} or {env = "..."} are read here. Throws config_error.
[[nodiscard]] config parse_config(std::string_view toml, std::string_view origin);
// The same from a file.
[[nodiscard]] config load_config(const std::filesystem::path& file);
// What a server without a configuration file does.
[[nodiscard]] config default_config();

}  // namespace otpd
