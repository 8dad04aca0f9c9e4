#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/inbox_desk.hpp"
#include "api/inbox_json.hpp"
#include "json/object.hpp"
#include "net/message.hpp"

namespace otpd::api {

// The inbox providers at the administration listener; docs/delivery.md lists the calls. No key is asked for,
// so every request has to name a host of ours, and what changes something has to come from our own page or
// from no page at all. One instance per event loop.
class inbox_pages {
 public:
  // `desk` outlives the pages. `hosts`: what the listener is reached by, with or without a port, beside
  // loopback (own_site.hpp).
  inbox_pages(inbox_desk& desk, std::vector<std::string> hosts) : desk_(desk), hosts_(std::move(hosts)) {}

  // True for /inbox and all below.
  [[nodiscard]] static bool owns(std::string_view path) noexcept;
  void serve(const net::request& in, net::response& out);

 private:
  enum class resource { page, json, style, script, provider, behaviour, clear };
  struct place {
    resource what;
    std::string_view provider;  // of the last three: one the desk knows
  };

  [[nodiscard]] bool find(std::string_view path, place& out) const;
  void read(const place& where, const net::request& in, net::response& out);
  void write(const place& where, const net::request& in, net::response& out);
  [[nodiscard]] bool list(std::string_view query, std::vector<inbox_entry>& into, net::response& out) const;
  [[nodiscard]] std::vector<inbox_entry> all_messages() const;
  [[nodiscard]] std::vector<inbox_state> states() const;
  void show_behaviour(std::string_view provider, net::response& out) const;
  void take_form(const place& where, const net::request& in, net::response& out);

  inbox_desk& desk_;
  std::vector<std::string> hosts_;
  json::object body_;
};

}  // namespace otpd::api
