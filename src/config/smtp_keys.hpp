#pragma once

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "config/value.hpp"
#include "mail/smtp_options.hpp"

namespace otpd {

// What their names say; each refuses what is none.
void read_smtp_host(const config_value& v, mail::smtp_options& out);
void read_smtp_password(const config_value& v, mail::smtp_options& out);
void read_smtp_from(const config_value& v, mail::smtp_options& out);
void read_smtp_from_name(const config_value& v, mail::smtp_options& out);
void read_smtp_helo(const config_value& v, mail::smtp_options& out);

inline constexpr std::array<std::pair<std::string_view, mail::smtp_security>, 3> smtp_securities{{
    {"starttls", mail::smtp_security::starttls},
    {"tls", mail::smtp_security::tls},
    {"none", mail::smtp_security::none},
}};

// The keys of a provider of type "smtp".
inline constexpr std::array<config_key<mail::smtp_options>, 14> smtp_keys{{
    {"host", read_smtp_host},
    {"port", [](const config_value& v,
                mail::smtp_options& s) { s.port = v.integer(std::uint16_t{1}, std::uint16_t{65535}); }},
    {"security",
     [](const config_value& v, mail::smtp_options& s) { s.security = v.one_of(smtp_securities); }},
    {"user", [](const config_value& v, mail::smtp_options& s) { s.user = v.text_or_secret(254); }},
    {"password", read_smtp_password},
    {"from", read_smtp_from},
    {"from_name", read_smtp_from_name},
    {"helo", read_smtp_helo},
    {"connect_timeout",
     [](const config_value& v, mail::smtp_options& s) {
       s.connect_timeout = v.duration(std::chrono::milliseconds{100}, std::chrono::seconds{60});
     }},
    {"timeout",
     [](const config_value& v, mail::smtp_options& s) {
       s.timeout = v.duration(std::chrono::milliseconds{100}, std::chrono::seconds{120});
     }},
    {"max_connections",
     [](const config_value& v, mail::smtp_options& s) { s.max_connections = v.integer(1U, 4096U); }},
    {"keep_idle",
     [](const config_value& v, mail::smtp_options& s) {
       s.keep_idle = v.seconds(std::chrono::seconds{1}, std::chrono::minutes{10});
     }},
    {"ca_file", [](const config_value& v, mail::smtp_options& s) { s.ca_file = v.readable_file(); }},
    {"insecure", [](const config_value& v, mail::smtp_options& s) { s.insecure = v.boolean(); }},
}};

}  // namespace otpd
