#include "config.hpp"

#include <algorithm>
#include <array>

#include "config/sections.hpp"
#include "config/value.hpp"

namespace otpd {
namespace {

using value = config_value;

constexpr std::array<std::pair<std::string_view, log_level>, 5> levels{{{"trace", log_level::trace},
                                                                        {"debug", log_level::debug},
                                                                        {"info", log_level::info},
                                                                        {"warn", log_level::warn},
                                                                        {"error", log_level::error}}};

constexpr std::array<config_key<config>, 1> log_keys{{
    {"level", [](const value& v, config& c) { c.level = v.one_of(levels); }},
}};

constexpr std::array<config_key<config>, 12> sections{{
    {"server", read_server, true},
    {"store", read_store, true},
    {"api_keys", read_api_keys, true},
    {"limits", read_limits, true},
    {"profiles", read_profiles, true},
    {"providers", read_providers, true},
    {"delivery", read_delivery, true},
    {"test_recipients", read_test_recipients, true},
    {"dialects", read_dialects, true},
    {"tokens", read_tokens, true},
    {"passwords", read_passwords, true},
    {"log", [](const value& v, config& c) { read_table(v, log_keys, c); }, true},
}};

}  // namespace

config parse_config(std::string_view toml, std::string_view origin) {
  const config_document document{toml, origin};
  const value root = document.root();
  config out;
  read_table(root, sections, out);
  check_server(root, out);
  check_delivery(root, out);
  check_profiles(root, out);
  check_dialects(root, out);
  check_auth(root, out);
  return out;
}

config load_config(const std::filesystem::path& file) {
  std::string error;
  const auto text = read_whole_file(file, error);
  if (!text) throw config_error{error};
  return parse_config(*text, file.native());
}

config default_config() {
  return parse_config("", "defaults");
}

std::vector<std::string> known_config_keys() {
  std::vector<std::string> out;
  list_server_keys(out);
  list_api_key_keys(out);
  list_profile_keys(out);
  list_provider_keys(out);
  list_delivery_keys(out);
  list_test_recipient_keys(out);
  list_dialect_keys(out);
  list_auth_keys(out);
  list_keys("log", log_keys, out);
  std::ranges::sort(out);
  return out;
}

}  // namespace otpd
