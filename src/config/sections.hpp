#pragma once

// The parts of a configuration, each with its keys. Reading checks a value by itself; checking holds values
// against each other. Both throw config_error and append to config::warnings.

#include <string>
#include <vector>

#include "config.hpp"
#include "config/value.hpp"
#include "mail/smtp_options.hpp"

namespace otpd {

// [server] [store] [limits], each a function for the table of that name
void read_server(const config_value& table, config& out);
void read_store(const config_value& table, config& out);
void read_limits(const config_value& table, config& out);
void check_server(const config_value& root, config& out);
void list_server_keys(std::vector<std::string>& out);

// [[api_keys]]
void read_api_keys(const config_value& array, config& out);
void list_api_key_keys(std::vector<std::string>& out);

// [profiles.NAME]
void read_profiles(const config_value& table, config& out);
void check_profiles(const config_value& root, config& out);
void list_profile_keys(std::vector<std::string>& out);
// A profile before anything is said of it; those of the five systems have defaults of their own.
[[nodiscard]] otp::profile new_profile(std::string_view name);
// True for the profiles of the five systems, which are there without being written.
[[nodiscard]] bool is_built_in(std::string_view name);

// What a profile's messages say: keys of [profiles.NAME]
[[nodiscard]] std::string read_language(const config_value& value);
void read_messages(const config_value& array, otp::profile& out);
void read_parameters(const config_value& table, otp::profile& out);
void read_webotp(const config_value& value, otp::profile& out);
void read_android_app_hash(const config_value& value, otp::profile& out);
// `table` is its [profiles.NAME].
void check_messages(const config_value& table, const otp::profile& profile,
                    std::vector<std::string>& warnings);
void list_message_keys(std::vector<std::string>& out);

// [providers.NAME]
void read_providers(const config_value& table, config& out);
void list_provider_keys(std::vector<std::string>& out);
// A gateway whose values are right one by one; `table` is its [providers.NAME].
void check_gateway(const config_value& table, const sms::http_gateway_options& gateway,
                   std::vector<std::string>& warnings);
// A mail server whose values are right one by one (config/smtp_keys.hpp).
void check_smtp(const config_value& table, const mail::smtp_options& smtp,
                std::vector<std::string>& warnings);

// [delivery]
void read_delivery(const config_value& table, config& out);
void check_delivery(const config_value& root, config& out);
void list_delivery_keys(std::vector<std::string>& out);

// [[test_recipients]]
void read_test_recipients(const config_value& array, config& out);
void list_test_recipient_keys(std::vector<std::string>& out);

// [dialects.NAME]
void read_dialects(const config_value& table, config& out);
void check_dialects(const config_value& root, config& out);
void list_dialect_keys(std::vector<std::string>& out);
// The profiles of those that are switched on.
[[nodiscard]] std::vector<std::string> enabled_dialects(const config& from);

// [tokens] [passwords]
void read_tokens(const config_value& table, config& out);
void read_passwords(const config_value& table, config& out);
void check_auth(const config_value& root, config& out);
void list_auth_keys(std::vector<std::string>& out);

// True if other machines can reach server.listen.
[[nodiscard]] bool is_open(const server_config& server);

}  // namespace otpd
