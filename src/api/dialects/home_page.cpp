#include "api/dialects/home_page.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "api/dialects/home_assets.hpp"
#include "api/html_text.hpp"
#include "crypto/encoding.hpp"
#include "crypto/mac.hpp"

namespace otpd::api::dialects {

namespace {

constexpr std::array all{
    route{net::method::get, "/home/"},
    route{net::method::get, "/home/page.css"},
    route{net::method::get, "/home/page.js"},
};

// Nothing of another origin, no script in the page itself, in no frame; it may read a code from a text
// message.
void protect(bool is_encrypted, net::response& out) {
  out.add_field("Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
                "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  out.add_field("X-Frame-Options", "DENY");
  out.add_field("Referrer-Policy", "no-referrer");
  out.add_field("Cross-Origin-Opener-Policy", "same-origin");
  out.add_field("Cross-Origin-Resource-Policy", "same-origin");
  out.add_field("Permissions-Policy", "otp-credentials=(self)");
  if (is_encrypted) out.add_field("Strict-Transport-Security", "max-age=31536000");
}

// A strong entity tag (RFC 9110, 8.8.3): the file's own hash.
std::string tag_of(std::string_view file) {
  const crypto::digest hash = crypto::sha256(file);
  return '"' + crypto::to_base64url(std::span(hash).first<16>()) + '"';
}

// RFC 9110, 13.1.2: a list of tags, or any. Ours has no comma in it.
bool has_it(const net::request& in, std::string_view tag) {
  const std::string_view known = in.field_value("If-None-Match");
  return known == "*" || known.find(tag) != known.npos;
}

struct asset {
  std::string_view content_type;  // static storage
  std::string_view text;
  std::string_view tag;
};

// Kept by browsers, but asked for each time: a page never meets the script of another version.
void serve_asset(const asset& file, const net::request& in, net::response& out) {
  out.add_field("Cache-Control", "no-cache");
  out.add_field("ETag", file.tag);
  if (has_it(in, file.tag)) {
    out.status = 304;
    return;
  }
  out.content_type = file.content_type;
  out.body = file.text;
}

}  // namespace

home_page::home_page(const otp::profile& policy, const trusted_proxies& proxies)
    : proxies_(proxies), css_tag_(tag_of(home_page_css())), js_tag_(tag_of(home_page_js())) {
  append_layout(html_, home_page_html(), [&policy](std::string& out, std::string_view name) {
    const std::int64_t seconds = policy.lifetime.count();
    const bool digits = policy.alphabet.find_first_not_of("0123456789") == std::string::npos;
    if (name == "lifetime") out += std::to_string(seconds);
    if (name == "again_after") out += std::to_string(std::max<std::int64_t>(policy.resend_after.count(), 20));
    if (name == "lifetime_words")
      out += seconds % 60 == 0 ? std::to_string(seconds / 60) + (seconds == 60 ? " minute" : " minutes")
                               : std::to_string(seconds) + " seconds";
    if (name == "code_length") out += std::to_string(policy.code_length);
    if (name == "code_kind") out += digits ? "digits" : "characters";
    if (name == "input_mode") out += digits ? "numeric" : "text";
  });
}

std::span<const route> home_page::routes() const noexcept {
  return all;
}

task<void> home_page::serve(std::size_t number, const net::request& in, net::response& out) {
  protect(proxies_.is_encrypted(in), out);
  if (number == 0) {
    out.content_type = "text/html; charset=utf-8";
    out.body = html_;
  } else if (number == 1) {
    serve_asset({"text/css; charset=utf-8", home_page_css(), css_tag_}, in, out);
  } else {
    serve_asset({"text/javascript; charset=utf-8", home_page_js(), js_tag_}, in, out);
  }
  co_return;
}

}  // namespace otpd::api::dialects
