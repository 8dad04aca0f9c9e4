#include <algorithm>
#include <array>

#include "config/provider_kind.hpp"
#include "config/sections.hpp"
#include "config/text.hpp"
#include "net/url.hpp"
#include "otp/email.hpp"

namespace otpd {
namespace {

using namespace std::chrono_literals;
using value = config_value;

constexpr std::size_t max_providers = 8;  // of one route

constexpr std::array<std::pair<std::string_view, delivery_mode>, 2> modes{
    {{"wait", delivery_mode::wait}, {"queue", delivery_mode::queue}}};
constexpr std::array<std::pair<std::string_view, sms::on_ambiguous>, 2> policies{
    {{"stop", sms::on_ambiguous::stop}, {"failover", sms::on_ambiguous::failover}}};
constexpr std::array<std::pair<std::string_view, otp::channel>, 2> channels{
    {{"sms", otp::channel::sms}, {"email", otp::channel::email}}};

// One name, or several in the order of asking; "" is none.
std::vector<std::string> read_names(const value& v) {
  if (!v.is_array()) {
    std::string name = v.text(0, 100);
    if (name.empty()) return {};
    return {std::move(name)};
  }
  std::vector<std::string> names = v.texts(100);
  if (names.size() > max_providers) v.refuse("has more than 8 providers");
  return names;
}

std::string read_prefix(const value& v) {
  std::string text = v.text(0, 100);
  const bool fits = text.size() >= 2 && text.size() <= 16 && text[0] == '+' && text[1] != '0' &&
                    text.find_first_not_of("0123456789", 1) == text.npos;
  if (!fits) v.refuse(in_quotes(text) + " is not the beginning of a number such as \"+49\" or \"+1907\"");
  return text;
}

// Receipts come to it, so nothing may be left open.
std::string read_public_url(const value& v) {
  std::string text = v.text(0, 500);
  if (text.empty()) return text;
  const auto url = net::parse_url(text);
  if (!url || text.find('?') != text.npos) v.refuse("is not an URL such as \"https://otp.example.com\"");
  if (!url->encrypted && !net::is_loopback(*url)) v.refuse("is http:// to another machine; use https://");
  while (text.ends_with('/'))
    text.pop_back();
  return text;
}

std::string read_profile(const value& v) {
  std::string name = v.text(1, 100);
  if (!is_name(name)) v.refuse(in_quotes(name) + " is not a profile's name, 1 to 32 of a-z 0-9 _ -");
  return name;
}

constexpr std::array<config_key<route_config>, 5> route_keys{{
    {"channel", [](const value& v, route_config& r) { r.channel = v.one_of(channels); }},
    {"prefix", [](const value& v, route_config& r) { r.prefix = read_prefix(v); }},
    {"profile", [](const value& v, route_config& r) { r.profile = read_profile(v); }},
    {"providers", [](const value& v, route_config& r) { r.providers = read_names(v); }},
    {"from", [](const value& v, route_config& r) { r.from = v.text(1, 100); }},
}};

void read_routes(const value& v, delivery_config& out) {
  for (const auto& element : v.elements()) {
    route_config route;
    read_table(element, route_keys, route);
    if (!element.at("providers").is_written()) element.at("providers").refuse("is missing");
    if (route.providers.empty()) element.at("providers").refuse("must name a provider");
    if (route.channel == otp::channel::email && !route.prefix.empty())
      element.at("prefix").refuse("is of phone numbers; an e-mail route has none");
    const auto is_same = [&](const route_config& other) {
      return other.channel == route.channel && other.prefix == route.prefix && other.profile == route.profile;
    };
    if (std::ranges::any_of(out.routes, is_same))
      element.refuse("is for the same recipients as one before it");
    out.routes.push_back(std::move(route));
  }
}

constexpr std::array<config_key<delivery_config>, 8> delivery_keys{{
    {"sms", [](const value& v, delivery_config& d) { d.sms = read_names(v); }},
    {"email", [](const value& v, delivery_config& d) { d.email = read_names(v); }},
    {"mode", [](const value& v, delivery_config& d) { d.mode = v.one_of(modes); }},
    {"on_ambiguous", [](const value& v, delivery_config& d) { d.on_ambiguous = v.one_of(policies); }},
    {"sms_deadline", [](const value& v, delivery_config& d) { d.sms_deadline = v.duration(1s, 2min); }},
    {"email_deadline", [](const value& v, delivery_config& d) { d.email_deadline = v.duration(1s, 5min); }},
    {"public_url", [](const value& v, delivery_config& d) { d.public_url = read_public_url(v); }},
    {"routes", read_routes, true},
}};

void check_provider(const value& v, const std::string& name, otp::channel channel, config& c) {
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
  const auto warn = [&](std::string_view text) {
    // Two of a kind in one list say the same.
    std::string warning = v.located(text);
    if (std::ranges::count(c.warnings, warning) == 0) c.warnings.push_back(std::move(warning));
  };
  if (provider->type == provider_type::null) warn("null: messages are not sent");
  const bool is_console = provider->type == provider_type::console;
  if (provider->type == provider_type::inbox)
    warn("inbox: messages stay in memory, for all who reach the admin listener");
  if (!is_console) return;
  if (is_open(c.server) && !provider->allow_remote_console) {
    v.refuse(in_quotes(name) +
             " prints codes while other machines can reach server.listen; name another provider, \"\" " +
             "for none, or set providers." + name + ".allow_remote_console = true");
  }
  warn("console: codes are printed instead of sent");
}

void check_names(const value& v, const std::vector<std::string>& names, otp::channel channel, config& c) {
  for (const std::string& each : names) {
    check_provider(v, each, channel, c);
    if (std::ranges::count(names, each) > 1) v.refuse(in_quotes(each) + " is there twice");
    const auto provider = std::ranges::find(c.providers, each, &provider_config::name);
    if (provider->type == provider_type::null && names.size() > 1)
      v.refuse(in_quotes(each) + " sends nothing, so no other provider can stand beside it");
  }
}

// A mail server takes nothing but an address; other providers have senders of their own kinds.
void check_sender(const value& v, const route_config& route, const config& c) {
  if (route.from.empty() || otp::parse_email(route.from)) return;
  for (const auto& each : c.providers) {
    if (each.type == provider_type::smtp && std::ranges::count(route.providers, each.name) > 0)
      v.refuse(in_quotes(route.from) + " is not an e-mail address, as " + in_quotes(each.name) + " needs it");
  }
}

void add_built_in(config& c, std::string_view name, provider_type type) {
  if (std::ranges::count(c.providers, name, &provider_config::name) > 0) return;
  auto& added = c.providers.emplace_back();
  added.name = name;
  added.type = type;
}

// Records name providers by a hash.
void check_tags(const value& root, const config& c) {
  for (std::size_t i = 0; i < c.providers.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (otp::provider_tag(c.providers[i].name) == otp::provider_tag(c.providers[j].name))
        root.at("providers").at(c.providers[i].name).refuse("has a name too like another one's; rename it");
    }
  }
}

// System s1 sent through mShastra: where that is configured and nothing else is said, its messages go there
// first. What only shows messages stands in for nobody.
void add_route_of_s1(config& c) {
  const std::string& profile = c.dialects.s1.profile;
  route_config route;
  route.profile = profile;
  for (const auto& each : c.providers) {
    if (each.type == provider_type::mshastra) route.providers.push_back(each.name);
  }
  const bool is_said = std::ranges::count(c.delivery.routes, profile, &route_config::profile) > 0;
  if (!c.dialects.s1.enabled || is_said || route.providers.empty()) return;
  for (const std::string& name : c.delivery.sms) {
    const auto known = std::ranges::find(c.providers, name, &provider_config::name);
    const bool is_real = known->type != provider_type::console && known->type != provider_type::null &&
                         known->type != provider_type::inbox;
    const bool is_there = std::ranges::count(route.providers, name) > 0;
    if (is_real && !is_there && route.providers.size() < max_providers) route.providers.push_back(name);
  }
  c.delivery.routes.push_back(std::move(route));
}

}  // namespace

void read_delivery(const config_value& table, config& out) {
  read_table(table, delivery_keys, out.delivery);
}

void check_delivery(const config_value& root, config& out) {
  add_built_in(out, "console", provider_type::console);
  add_built_in(out, "null", provider_type::null);
  check_tags(root, out);
  const value table = root.at("delivery");
  check_names(table.at("sms"), out.delivery.sms, otp::channel::sms, out);
  check_names(table.at("email"), out.delivery.email, otp::channel::email, out);
  const auto elements =
      table.at("routes").is_written() ? table.at("routes").elements() : std::vector<value>{};
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const route_config& route = out.delivery.routes[i];
    check_names(elements[i].at("providers"), route.providers, route.channel, out);
    check_sender(elements[i].at("from"), route, out);
  }
  add_route_of_s1(out);
}

void list_delivery_keys(std::vector<std::string>& out) {
  list_keys("delivery", delivery_keys, out);
  list_keys("delivery.routes", route_keys, out);
}

}  // namespace otpd
