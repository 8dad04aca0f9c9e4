#include "api/dialects/home_page.hpp"

#include <array>

#include "api/dialects/home_assets.hpp"
#include "api/html_text.hpp"

namespace otpd::api::dialects {

namespace {

constexpr std::array all{
    route{net::method::get, "/home/"},
    route{net::method::get, "/home/page.css"},
    route{net::method::get, "/home/page.js"},
};

// Nothing of another origin, no script in the page itself, in no frame; it may read a code from a text
// message.
void protect(const net::request& in, net::response& out) {
  out.add_field("Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  out.add_field("X-Frame-Options", "DENY");
  out.add_field("Referrer-Policy", "no-referrer");
  out.add_field("Cross-Origin-Opener-Policy", "same-origin");
  out.add_field("Cross-Origin-Resource-Policy", "same-origin");
  out.add_field("Permissions-Policy", "otp-credentials=(self)");
  if (in.encrypted) out.add_field("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace

home_page::home_page(const otp::profile& policy) {
  append_layout(html_, home_page_html(), [&policy](std::string& out, std::string_view name) {
    const std::int64_t seconds = policy.lifetime.count();
    if (name == "lifetime") out += std::to_string(seconds);
    if (name == "again_after") out += std::to_string(std::max<std::int64_t>(policy.resend_after.count(), 20));
    if (name == "lifetime_words")
      out += seconds % 60 == 0 ? std::to_string(seconds / 60) + (seconds == 60 ? " minute" : " minutes")
                               : std::to_string(seconds) + " seconds";
    if (name == "code_length") out += std::to_string(policy.code_length);
    if (name == "input_mode")
      out += policy.alphabet.find_first_not_of("0123456789") == std::string::npos ? "numeric" : "text";
  });
}

std::span<const route> home_page::routes() const noexcept {
  return all;
}

task<void> home_page::serve(std::size_t number, const net::request& in, net::response& out) {
  protect(in, out);
  if (number == 0) {
    out.content_type = "text/html; charset=utf-8";
    out.body = html_;
  } else if (number == 1) {
    out.content_type = "text/css; charset=utf-8";
    out.body = home_page_css();
  } else {
    out.content_type = "text/javascript; charset=utf-8";
    out.body = home_page_js();
  }
  co_return;
}

}  // namespace otpd::api::dialects
