#include <algorithm>
#include <array>

#include "config/provider_kind.hpp"
#include "config/sections.hpp"
#include "config/text.hpp"

namespace otpd {
namespace {

using value = config_value;

constexpr std::array<config_key<delivery_config>, 2> delivery_keys{{
    {"sms", [](const value& v, delivery_config& d) { d.sms = v.text(0, 100); }},
    {"email", [](const value& v, delivery_config& d) { d.email = v.text(0, 100); }},
}};

void check_channel(const value& v, const std::string& name, otp::channel channel, config& c) {
  if (name.empty()) return;
  const auto provider = std::ranges::find(c.providers, name, &provider_config::name);
  if (provider == c.providers.end()) {
    std::vector<std::string_view> names;
    for (const auto& known : c.providers)
      names.emplace_back(known.name);
    v.refuse_unknown("provider " + in_quotes(name), name, names);
  }
  if (!carries(provider->type, channel))
    v.refuse(in_quotes(name) +
             (channel == otp::channel::email ? " carries no e-mail" : " carries no text messages"));
  if (provider->type == provider_type::null) c.warnings.push_back(v.located("null: messages are not sent"));
  if (provider->type != provider_type::console) return;
  if (is_open(c.server) && !provider->allow_remote_console) {
    v.refuse(in_quotes(name) +
             " prints codes while other machines can reach server.listen; name another provider, \"\" " +
             "for none, or set providers." + name + ".allow_remote_console = true");
  }
  c.warnings.push_back(v.located("console: codes are printed instead of sent"));
}

void add_built_in(config& c, std::string_view name, provider_type type) {
  if (std::ranges::count(c.providers, name, &provider_config::name) > 0) return;
  auto& added = c.providers.emplace_back();
  added.name = name;
  added.type = type;
}

}  // namespace

void read_delivery(const config_value& table, config& out) {
  read_table(table, delivery_keys, out.delivery);
}

void check_delivery(const config_value& root, config& out) {
  add_built_in(out, "console", provider_type::console);
  add_built_in(out, "null", provider_type::null);
  const value table = root.at("delivery");
  check_channel(table.at("sms"), out.delivery.sms, otp::channel::sms, out);
  check_channel(table.at("email"), out.delivery.email, otp::channel::email, out);
}

void list_delivery_keys(std::vector<std::string>& out) {
  list_keys("delivery", delivery_keys, out);
}

}  // namespace otpd
