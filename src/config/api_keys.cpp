#include <algorithm>
#include <array>

#include "config/sections.hpp"
#include "config/text.hpp"
#include "crypto/encoding.hpp"

namespace otpd {
namespace {

using value = config_value;

void read_sha256(const value& v, api_key_config& out) {
  // SHA-256 of nothing: what a pipeline prints whose first command failed.
  constexpr std::string_view nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  if (!crypto::from_hex(v.text_or_secret(1000), out.sha256)) {
    v.refuse("must be 64 hex digits, as from: printf %s \"$KEY\" | sha256sum");
  }
  if (crypto::to_hex(out.sha256) == nothing) v.refuse("is the hash of an empty key");
}

constexpr std::array<config_key<api_key_config>, 2> api_key_keys{{
    {"name",
     [](const value& v, api_key_config& c) {
       c.name = v.text(0, 100);
       if (!is_name(c.name)) v.refuse(in_quotes(c.name) + " must be 1 to 32 of a-z 0-9 _ -");
     }},
    {"sha256", read_sha256},
}};

}  // namespace

void read_api_keys(const config_value& array, config& out) {
  for (const auto& element : array.elements()) {
    api_key_config key;
    read_table(element, api_key_keys, key);
    for (const auto& needed : api_key_keys) {
      if (!element.at(needed.name).is_written()) element.at(needed.name).refuse("is missing");
    }
    for (const auto& other : out.api_keys) {
      if (other.name == key.name)
        element.at("name").refuse(in_quotes(key.name) + " names another key already");
      if (other.sha256 == key.sha256)
        element.at("sha256").refuse("is the key " + in_quotes(other.name) + " once more");
    }
    out.api_keys.push_back(key);
  }
}

void list_api_key_keys(std::vector<std::string>& out) {
  list_keys("api_keys", api_key_keys, out);
}

}  // namespace otpd
