#include "api/inbox_pages.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "api/inbox_assets.hpp"
#include "api/inbox_behaviour.hpp"
#include "api/inbox_html.hpp"
#include "api/own_site.hpp"
#include "api/problem.hpp"
#include "api/request_body.hpp"
#include "net/ascii.hpp"
#include "net/field_syntax.hpp"
#include "net/form.hpp"

namespace otpd::api {

namespace {

constexpr std::string_view root = "/inbox";

bool is_form(std::string_view content_type) {
  return net::equal_without_case(net::media_type(content_type), "application/x-www-form-urlencoded");
}

void add_guards(net::response& out) {
  out.add_field("Content-Security-Policy",
                "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
                "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  out.add_field("X-Frame-Options", "DENY");
  // Not no-referrer: a form's Origin would be "null".
  out.add_field("Referrer-Policy", "same-origin");
  out.add_field("Cross-Origin-Resource-Policy", "same-origin");
  out.add_field("Cross-Origin-Opener-Policy", "same-origin");
  out.add_field("Cache-Control", "no-store");
}

void back_to_the_page(std::string_view provider, net::response& out) {
  out.status = 303;
  out.add_field("Location", std::string{root} + "#name-" + std::string{provider});
}

}  // namespace

bool inbox_pages::owns(std::string_view path) noexcept {
  return path == root || path == "/inbox.json" || path == "/inbox.css" || path == "/inbox.js" ||
         path.starts_with("/inbox/");
}

bool inbox_pages::find(std::string_view path, place& out) const {
  constexpr std::array<std::pair<std::string_view, resource>, 4> fixed{{{root, resource::page},
                                                                        {"/inbox.json", resource::json},
                                                                        {"/inbox.css", resource::style},
                                                                        {"/inbox.js", resource::script}}};
  for (const auto& [each, what] : fixed) {
    if (each != path) continue;
    out.what = what;
    return true;
  }
  path.remove_prefix(std::min(path.size(), root.size() + 1));
  const auto slash = std::min(path.find('/'), path.size());
  out.provider = path.substr(0, slash);
  const std::string_view rest = path.substr(slash);
  if (rest.empty()) {
    out.what = resource::provider;
  } else if (rest == "/behaviour") {
    out.what = resource::behaviour;
  } else if (rest == "/clear") {
    out.what = resource::clear;
  } else {
    return false;
  }
  const auto names = desk_.names();
  return std::ranges::find(names, out.provider) != names.end();
}

void inbox_pages::serve(const net::request& in, net::response& out) {
  add_guards(out);
  if (!is_own_host(in, hosts_)) return answer_problem({"host_not_allowed"}, out);
  place where{};
  if (!find(in.path, where)) return answer_problem({"not_found"}, out);

  using net::method;
  const bool is_read = in.method == method::get || in.method == method::head;
  std::string_view allowed = "GET, HEAD";
  bool fits = is_read;
  if (where.what == resource::provider) {
    allowed = "DELETE";
    fits = in.method == method::del;
  } else if (where.what == resource::clear) {
    allowed = "POST";
    fits = in.method == method::post;
  } else if (where.what == resource::behaviour) {
    allowed = "GET, HEAD, PUT, POST";
    fits = is_read || in.method == method::put || in.method == method::post;
  }
  if (!fits) {
    answer_problem({"method_not_allowed"}, out);
    return out.add_field("Allow", allowed);
  }
  if (is_read) return read(where, in, out);
  // A page cannot send PUT or DELETE to another site unasked; a form it can.
  if (!is_own_page(in, in.method != method::post)) return answer_problem({"cross_site"}, out);
  write(where, in, out);
}

void inbox_pages::read(const place& where, const net::request& in, net::response& out) {
  switch (where.what) {
    case resource::page:
      out.content_type = "text/html; charset=utf-8";
      return append_inbox_html(out.body, all_messages(), states());
    case resource::json: {
      std::vector<inbox_entry> messages;
      if (!list(in.query, messages, out)) return;
      out.content_type = "application/json";
      return append_inbox_json(out.body, messages, states());
    }
    case resource::style:
      out.content_type = "text/css; charset=utf-8";
      out.body = inbox_page_css();
      return;
    case resource::script:
      out.content_type = "text/javascript; charset=utf-8";
      out.body = inbox_page_js();
      return;
    default:
      return show_behaviour(where.provider, out);
  }
}

void inbox_pages::write(const place& where, const net::request& in, net::response& out) {
  if (in.method == net::method::post) return take_form(where, in, out);
  if (where.what == resource::provider) {
    desk_.clear(where.provider);
    out.status = 204;
    return;
  }
  inbox_behaviour how;
  if (!read_body(in, behaviour_members, body_, out) || !read_behaviour(body_, how, out)) return;
  desk_.set_behaviour(where.provider, how);
  show_behaviour(where.provider, out);
}

void inbox_pages::take_form(const place& where, const net::request& in, net::response& out) {
  if (!is_form(in.field_value("Content-Type"))) return answer_problem({"unsupported_media_type"}, out);
  const auto fields = net::parse_form(in.body);
  if (!fields) return answer_problem({"invalid_form"}, out);
  if (where.what == resource::clear) {
    desk_.clear(where.provider);
    return back_to_the_page(where.provider, out);
  }
  inbox_behaviour how;
  if (!read_behaviour(*fields, how, out)) return;
  desk_.set_behaviour(where.provider, how);
  back_to_the_page(where.provider, out);
}

bool inbox_pages::list(std::string_view query, std::vector<inbox_entry>& into, net::response& out) const {
  const auto fields = net::parse_form(query);
  if (!fields) {
    answer_problem({"invalid_form"}, out);
    return false;
  }
  into = all_messages();
  for (const net::form_field& each : *fields) {
    if (each.name == "provider") {
      std::erase_if(into, [&](const inbox_entry& entry) { return entry.provider != each.value; });
    } else if (each.name == "to") {
      // A number typed with its bare '+' arrives with a space.
      const std::string to = each.value.starts_with(' ') ? '+' + each.value.substr(1) : each.value;
      std::erase_if(into, [&](const inbox_entry& entry) { return entry.to != to; });
    } else {
      return refuse_member("unknown_member", {}, out);
    }
  }
  return true;
}

std::vector<inbox_entry> inbox_pages::all_messages() const {
  std::vector<inbox_entry> out;
  for (const std::string& name : desk_.names()) {
    std::vector<inbox_entry> some = desk_.messages(name);
    std::ranges::move(some, std::back_inserter(out));
  }
  std::ranges::stable_sort(out, std::greater{}, &inbox_entry::at_ms);
  return out;
}

std::vector<inbox_state> inbox_pages::states() const {
  std::vector<inbox_state> out;
  for (const std::string& name : desk_.names())
    out.push_back({name, desk_.behaviour(name), desk_.counts(name)});
  return out;
}

void inbox_pages::show_behaviour(std::string_view provider, net::response& out) const {
  out.content_type = "application/json";
  json::writer json(out.body);
  write_behaviour(json, desk_.behaviour(provider));
  json.end();
}

}  // namespace otpd::api
