#include <algorithm>
#include <array>
#include <chrono>

#include "config/sections.hpp"
#include "config/text.hpp"

namespace otpd {
namespace {

using namespace std::chrono_literals;
using value = config_value;

// ---- keys
// ------------------------------------------------------------------------------------------------------------

std::string read_listen(const value& v) {
  std::string text = v.text(1, 100);
  if (!parse_listen_address(text)) {
    v.refuse(in_quotes(text) + " is not address:port, such as \"127.0.0.1:8080\" or \"[::1]:8080\"");
  }
  return text;
}

void read_trusted_proxies(const value& v, server_config& out) {
  out.trusted_proxies = v.texts(100);
  for (const auto& element : v.elements()) {
    if (const auto fault = network_fault(element.text(1, 100))) element.refuse(*fault);
  }
}

// "https://app.example.com": what browsers send as Origin.
void read_origins(const value& v, server_config& out) {
  out.cors_origins = v.texts(300);
  for (const auto& element : v.elements()) {
    const std::string text = element.text(1, 300);
    const auto host = text.starts_with("https://")  ? text.substr(8)
                      : text.starts_with("http://") ? text.substr(7)
                                                    : "";
    const bool is_plain = !host.empty() && host.find_first_of("/?#@*, ") == std::string::npos &&
                          std::ranges::none_of(host, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!is_plain) element.refuse(in_quotes(text) + " is not an origin such as \"https://app.example.com\"");
  }
}

constexpr std::array<config_key<tls_config>, 2> tls_keys{{
    {"certificate", [](const value& v, tls_config& c) { c.certificate = v.readable_file(); }},
    {"private_key", [](const value& v, tls_config& c) { c.private_key = v.readable_file(); }},
}};

void read_tls(const value& v, server_config& out) {
  read_table(v, tls_keys, out.tls.emplace());
  for (const auto& key : tls_keys) {
    if (!v.at(key.name).is_written())
      v.at(key.name).refuse("is missing; TLS needs certificate and private_key");
  }
}

constexpr std::array<config_key<server_config>, 16> server_keys{{
    {"listen", [](const value& v, server_config& c) { c.listen = read_listen(v); }},
    {"admin_listen",
     [](const value& v, server_config& c) { c.admin_listen = v.text(0, 100).empty() ? "" : read_listen(v); }},
    {"threads", [](const value& v, server_config& c) { c.threads = v.integer(0U, 256U); }},
    {"tls", read_tls, true},
    {"cors_origins", read_origins},
    {"trusted_proxies", read_trusted_proxies},
    {"proxy_hops", [](const value& v, server_config& c) { c.proxy_hops = v.integer(1U, 16U); }},
    {"insecure_http", [](const value& v, server_config& c) { c.insecure_http = v.boolean(); }},
    {"max_connections",
     [](const value& v, server_config& c) { c.max_connections = v.integer(1U, 1'000'000U); }},
    {"max_connections_per_ip",
     [](const value& v, server_config& c) { c.max_connections_per_ip = v.integer(1U, 1'000'000U); }},
    {"header_timeout", [](const value& v, server_config& c) { c.header_timeout = v.duration(100ms, 10min); }},
    {"body_timeout", [](const value& v, server_config& c) { c.body_timeout = v.duration(100ms, 10min); }},
    {"write_timeout", [](const value& v, server_config& c) { c.write_timeout = v.duration(100ms, 10min); }},
    {"idle_timeout", [](const value& v, server_config& c) { c.idle_timeout = v.duration(100ms, 1h); }},
    {"pre_drain", [](const value& v, server_config& c) { c.pre_drain = v.duration(0ms, 10min); }},
    {"drain_timeout", [](const value& v, server_config& c) { c.drain_timeout = v.duration(0ms, 10min); }},
}};

void read_master_key(const value& v, config& out) {
  if (!v.is_secret()) v.refuse("must not stand in the file; use {file = \"path\"} or {env = \"NAME\"}");
  if (v.at("file").is_written() && v.members().size() == 1) {
    out.master_key_file = v.at("file").path();
    return;
  }
  out.master_key = v.text_or_secret(1000);
  const bool is_hex =
      std::ranges::all_of(out.master_key, [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (out.master_key.size() != 64 || !is_hex)
    v.refuse("must be 64 hex digits, as from: openssl rand -hex 32");
}

constexpr std::array<std::pair<std::string_view, store::durability>, 2> durabilities{
    {{"power", store::durability::power}, {"process", store::durability::process}}};

constexpr std::uint64_t max_mib = 1U << 20U;

constexpr std::array<config_key<config>, 8> store_keys{{
    {"path", [](const value& v, config& c) { c.store.path = v.path(); }},
    {"durability", [](const value& v, config& c) { c.store.durability = v.one_of(durabilities); }},
    {"cache_mib",
     [](const value& v, config& c) { c.store.cache_mib = v.integer<std::uint64_t>(1, max_mib); }},
    {"ballast_mib",
     [](const value& v, config& c) { c.store.ballast_mib = v.integer<std::uint64_t>(0, max_mib); }},
    {"min_free_mib",
     [](const value& v, config& c) { c.store.min_free_mib = v.integer<std::uint64_t>(0, max_mib); }},
    {"min_free_percent", [](const value& v, config& c) { c.store.min_free_percent = v.integer(0U, 90U); }},
    {"cancel_pending_on_rollback",
     [](const value& v, config& c) { c.store.cancel_pending_on_rollback = v.boolean(); }},
    {"master_key", read_master_key},
}};

constexpr std::array<config_key<otp::limits_options>, 7> limit_keys{{
    {"client_ip", [](const value& v, otp::limits_options& c) { c.client_ip = v.rate(); }},
    {"prefix", [](const value& v, otp::limits_options& c) { c.prefix = v.rate(); }},
    {"country", [](const value& v, otp::limits_options& c) { c.country = v.rate(); }},
    {"api_key", [](const value& v, otp::limits_options& c) { c.api_key = v.rate(); }},
    {"server", [](const value& v, otp::limits_options& c) { c.server = v.rate(); }},
    {"recipient_per_day", [](const value& v, otp::limits_options& c) { c.recipient_per_day = v.rate(); }},
    {"failures_per_ip", [](const value& v, otp::limits_options& c) { c.failures_per_ip = v.rate(); }},
}};

// ---- checks
// ----------------------------------------------------------------------------------------------------------

// N11: codes and keys travel through what the listener speaks.
void check_listen(const value& table, config& c) {
  const auto& server = c.server;
  const value listen = table.at("listen");
  if (!is_open(server) || server.tls) return;
  if (server.insecure_http) {
    c.warnings.push_back(listen.located("insecure_http: codes and keys travel unencrypted"));
  } else if (!server.trusted_proxies.empty()) {
    c.warnings.push_back(
        listen.located("plain HTTP beyond loopback: let nobody but the trusted proxies reach it"));
  } else {
    listen.refuse(in_quotes(server.listen) +
                  " is plain HTTP that other machines can reach; add [server.tls], name the TLS proxy in "
                  "server.trusted_proxies, or set server.insecure_http = true");
  }
}

void check_admin_listen(const value& table, config& c) {
  if (c.server.admin_listen.empty()) return;
  const value listen = table.at("admin_listen");
  const auto admin = *parse_listen_address(c.server.admin_listen);
  const auto main = *parse_listen_address(c.server.listen);
  // With SO_REUSEPORT both would listen, and either would get the other's connections.
  const bool overlaps =
      admin.address == main.address || admin.address.is_unspecified() || main.address.is_unspecified();
  if (admin.port != 0 && admin.port == main.port && overlaps) {
    listen.refuse(in_quotes(c.server.admin_listen) + " collides with server.listen; give it another port");
  }
  if (admin.address.is_loopback()) return;
  if (!c.server.insecure_http) {
    listen.refuse(in_quotes(c.server.admin_listen) +
                  " is not loopback, and the admin listener has neither TLS nor keys; use 127.0.0.1 or set "
                  "server.insecure_http = true");
  }
  c.warnings.push_back(
      listen.located("insecure_http: other machines can administer this server without a key"));
}

void warn_proxies(const value& table, config& c) {
  const value proxies = table.at("trusted_proxies");
  for (const auto& block : c.server.trusted_proxies) {
    if (block.ends_with("/0"))
      c.warnings.push_back(proxies.located(in_quotes(block) + " trusts every address"));
  }
  if (c.server.proxy_hops > 1 && c.server.trusted_proxies.empty()) {
    c.warnings.push_back(table.at("proxy_hops").located("changes nothing without trusted_proxies"));
  }
}

void warn_store(const value& table, config& c) {
  if (c.store.durability == store::durability::process) {
    c.warnings.push_back(
        table.at("durability").located("\"process\": a power loss may forget what was acknowledged"));
  }
  if (!c.store.cancel_pending_on_rollback) {
    c.warnings.push_back(table.at("cancel_pending_on_rollback")
                             .located("false: restoring an old copy of the store gives spent attempts back"));
  }
  if (c.store.min_free_mib == 0 && c.store.min_free_percent == 0) {
    c.warnings.push_back(
        table.at("min_free_mib").located("0, as min_free_percent: nothing is kept free on the disk"));
  }
}

}  // namespace

bool is_open(const server_config& server) {
  return !parse_listen_address(server.listen)->address.is_loopback();
}

void read_server(const config_value& table, config& out) {
  read_table(table, server_keys, out.server);
}
void read_store(const config_value& table, config& out) {
  read_table(table, store_keys, out);
}
void read_limits(const config_value& table, config& out) {
  read_table(table, limit_keys, out.limits);
}

void check_server(const config_value& root, config& out) {
  const value server = root.at("server");
  check_listen(server, out);
  check_admin_listen(server, out);
  warn_proxies(server, out);
  warn_store(root.at("store"), out);
  if (out.api_keys.empty() && (is_open(out.server) || !out.server.trusted_proxies.empty())) {
    out.warnings.push_back(
        root.at("api_keys").located("none: the native API answers loopback only, and not through a proxy"));
  }
}

void list_server_keys(std::vector<std::string>& out) {
  list_keys("server", server_keys, out);
  list_keys("server.tls", tls_keys, out);
  list_keys("store", store_keys, out);
  list_keys("limits", limit_keys, out);
}

}  // namespace otpd
