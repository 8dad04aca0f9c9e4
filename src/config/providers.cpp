#include <algorithm>
#include <array>

#include "config/provider_kind.hpp"
#include "config/sections.hpp"
#include "config/text.hpp"

namespace otpd {
namespace {

using value = config_value;

constexpr std::array<const provider_kind*, 8> kinds{&console_provider, &null_provider,   &inbox_provider,
                                                    &http_provider,    &twilio_provider, &mshastra_provider,
                                                    &vonage_provider,  &smtp_provider};
// These are providers without being written.
constexpr std::array<std::string_view, 2> built_in{"console", "null"};

const config_key<provider_config>* find_key(const provider_kind& kind, std::string_view name) {
  const auto at = std::ranges::find(kind.keys, name, &config_key<provider_config>::name);
  return at == kind.keys.end() ? nullptr : &*at;
}

// The type of a provider, as it says or as its name does.
const provider_kind& kind_of(const value& table, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto* each : kinds)
    names.push_back(each->name);
  const value type = table.at("type");
  const bool is_built_in = std::ranges::count(built_in, name) > 0;
  if (!type.is_written() && !is_built_in) type.refuse("is missing; one of " + joined(names));
  const std::string written = type.is_written() ? type.text(0, 100) : std::string{name};
  const auto at = std::ranges::find(names, written);
  if (at == names.end()) type.refuse(in_quotes(written) + " is none of " + joined(names));
  if (is_built_in && written != name) {
    type.refuse("is built in as " + in_quotes(name) + "; use another name");
  }
  return *kinds[static_cast<std::size_t>(at - names.begin())];
}

// A key that `kind` does not have: another type's, or nobody's.
[[noreturn]] void refuse_key(const value& v, std::string_view name, const provider_kind& kind) {
  std::string owners;
  for (const auto* each : kinds) {
    if (!find_key(*each, name)) continue;
    owners.append(owners.empty() ? "" : ", ").append(in_quotes(each->name));
  }
  if (!owners.empty()) v.refuse("is for type = " + owners + " only");
  std::vector<std::string_view> known{"type"};
  for (const auto& key : kind.keys)
    known.push_back(key.name);
  v.refuse_unknown("key", name, known);
}

provider_config read_provider(const value& table, const std::string& name,
                              std::vector<std::string>& warnings) {
  const provider_kind& kind = kind_of(table, name);
  provider_config out;
  out.name = name;
  out.type = kind.type;
  for (const auto& [key, v] : table.members()) {
    if (key == "type") continue;
    const auto* known = find_key(kind, key);
    if (!known) refuse_key(v, key, kind);
    known->read(v, out);
  }
  if (kind.check) kind.check(table, out, warnings);
  return out;
}

}  // namespace

void read_providers(const config_value& table, config& out) {
  for (const auto& [name, value] : table.members()) {
    if (!is_name(name)) value.refuse("a provider's name must be 1 to 32 of a-z 0-9 _ -");
    out.providers.push_back(read_provider(value, name, out.warnings));
  }
}

void list_provider_keys(std::vector<std::string>& out) {
  std::vector<std::string> keys{"providers.NAME.type"};
  for (const auto* kind : kinds) {
    list_keys("providers.NAME", kind->keys, keys);
    if (kind->list_tables) kind->list_tables(keys);
  }
  // Several types have a key of the same name.
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  out.insert(out.end(), keys.begin(), keys.end());
}

}  // namespace otpd
