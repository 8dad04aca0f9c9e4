#include "delivery_parts.hpp"

#include <algorithm>

#include "mail/smtp_carrier.hpp"
#include "provider_codec.hpp"
#include "sms/console_carrier.hpp"
#include "sms/http_carrier.hpp"
#include "sms/http_receipt.hpp"
#include "sms/inbox_carrier.hpp"
#include "sms/twilio_receipt.hpp"
#include "sms/vonage_receipt.hpp"

namespace otpd {

namespace {

std::int64_t unix_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// What a probe without an answer is measured against.
std::chrono::milliseconds call_timeout(const provider_config& of) {
  switch (of.type) {
    case provider_type::http:
      return of.http.timeout;
    case provider_type::twilio:
      return of.twilio.endpoint.timeout;
    case provider_type::mshastra:
      return of.mshastra.endpoint.timeout;
    case provider_type::vonage:
      return of.vonage.endpoint.timeout;
    case provider_type::smtp:
      return of.smtp.timeout;
    case provider_type::inbox:
    case provider_type::console:
    case provider_type::null:
      break;
  }
  return sms::breaker_options{}.call_timeout;
}

}  // namespace

delivery_parts::delivery_parts(const config& settings, std::function<std::chrono::sys_seconds()> wall)
    : settings_(settings) {
  plan_.wall = wall;
  plan_.on_ambiguous = settings.delivery.on_ambiguous;
  plan_.sms_deadline = settings.delivery.sms_deadline;
  plan_.email_deadline = settings.delivery.email_deadline;
  for (const provider_config& each : settings.providers) {
    sms::breaker_options breaker;
    breaker.call_timeout = call_timeout(each);
    breaker.breaker_per_country = each.breaker_per_country;
    healths_.push_back(std::make_unique<sms::provider_health>(breaker));
    codecs_.push_back(make_codec(each));
    const bool has_tls = each.type == provider_type::smtp && each.smtp.security != mail::smtp_security::none;
    mail_trust_.push_back(has_tls ? std::make_shared<const net::client_tls>(each.smtp.ca_file) : nullptr);
    if (each.type == provider_type::inbox) inboxes_.add(each.name, unix_ms);
  }
  make_books();
  make_routes();
  make_readers();
}

void delivery_parts::make_books() {
  for (const otp::profile& each : settings_.profiles) {
    try {
      plan_.books.emplace(each.name, sms::message_book{each});
    } catch (const std::invalid_argument& error) {
      throw config_error("profiles." + each.name + ": " + error.what());
    }
  }
}

sms::route delivery_parts::route_of(otp::channel channel, const std::vector<std::string>& providers) const {
  sms::route out;
  out.channel = channel;
  for (const std::string& name : providers) {
    const auto found = std::ranges::find(settings_.providers, name, &provider_config::name);
    if (found == settings_.providers.end()) throw config_error("delivery: unknown provider " + name);
    if (found->type == provider_type::null) continue;
    out.providers.push_back(static_cast<std::size_t>(found - settings_.providers.begin()));
  }
  return out;
}

void delivery_parts::make_routes() {
  std::vector<sms::route> routes;
  for (const route_config& each : settings_.delivery.routes) {
    sms::route& made = routes.emplace_back(route_of(each.channel, each.providers));
    made.prefix = each.prefix;
    made.profile = each.profile;
    made.from = each.from;
  }
  const auto add_default = [&](otp::channel channel, const std::vector<std::string>& names) {
    if (!names.empty()) routes.push_back(route_of(channel, names));
  };
  add_default(otp::channel::sms, settings_.delivery.sms);
  add_default(otp::channel::email, settings_.delivery.email);
  plan_.routes = sms::route_table(std::move(routes));
}

void delivery_parts::make_readers() {
  const std::string& url = settings_.delivery.public_url;
  for (const provider_config& each : settings_.providers) {
    std::unique_ptr<sms::receipt_reader> reader;
    if (each.type == provider_type::twilio && !url.empty() && !each.twilio.auth_token.empty()) {
      reader =
          std::make_unique<sms::twilio_receipt>(sms::twilio_receipt_options{each.twilio.auth_token, url});
    }
    if (each.type == provider_type::vonage && !url.empty())
      reader = std::make_unique<sms::vonage_receipt>(each.vonage_receipts);
    if (each.type == provider_type::http && !each.http_receipts.reference.empty())
      reader = std::make_unique<sms::http_receipt>(each.http_receipts);
    if (reader) readers_.emplace(each.name, std::move(reader));
  }
}

// "{}" stands for the reference. Vonage's signature covers no query of ours, so a signed callback has none.
std::string delivery_parts::callback_of(const provider_config& provider) const {
  if (settings_.delivery.public_url.empty() || !readers_.contains(provider.name)) return {};
  const std::string plain = settings_.delivery.public_url + "/hooks/" + provider.name;
  if (provider.type == provider_type::twilio) return plain + "?ref={}";
  const bool is_signed = !provider.vonage_receipts.signature_secret.empty();
  return provider.type == provider_type::vonage && !is_signed ? plain + "?token={}" : plain;
}

std::unique_ptr<sms::carrier> delivery_parts::make_carrier(std::size_t number, loop_executor loop,
                                                           net::http_client& client) {
  const provider_config& of = settings_.providers[number];
  switch (of.type) {
    case provider_type::null:
      return nullptr;
    case provider_type::console:
      return std::make_unique<sms::console_carrier>(*console_);
    case provider_type::inbox:
      return std::make_unique<sms::inbox_carrier>(inboxes_.of(of.name), loop);
    case provider_type::smtp:
      return std::make_unique<mail::smtp_carrier>(loop, of.smtp, mail_trust_[number]);
    case provider_type::http:
    case provider_type::twilio:
    case provider_type::mshastra:
    case provider_type::vonage:
      break;
  }
  return std::make_unique<sms::http_carrier>(*codecs_[number], client);
}

loop_outlets delivery_parts::make_outlets(loop_executor loop, net::http_client& client) {
  loop_outlets out;
  for (std::size_t i = 0; i < settings_.providers.size(); ++i) {
    const provider_config& of = settings_.providers[i];
    const auto is_used = [&](const sms::route& way) { return std::ranges::count(way.providers, i) > 0; };
    const bool used = std::ranges::any_of(plan_.routes.all(), is_used);
    // Nobody's codes are printed, so nobody is told that they are.
    if (used && of.type == provider_type::console && !console_)
      console_ = std::make_unique<sms::console>(stdout);
    out.carriers.push_back(used ? make_carrier(i, loop, client) : nullptr);
    out.outlets.push_back({of.name, out.carriers.back().get(), healths_[i].get(), callback_of(of)});
  }
  return out;
}

const sms::receipt_reader* delivery_parts::reader_of(std::string_view provider) const noexcept {
  const auto found = readers_.find(provider);
  return found == readers_.end() ? nullptr : found->second.get();
}

sms::provider_health* delivery_parts::health_of(std::string_view provider) const noexcept {
  const auto found = std::ranges::find(settings_.providers, provider, &provider_config::name);
  if (found == settings_.providers.end()) return nullptr;
  return healths_[static_cast<std::size_t>(found - settings_.providers.begin())].get();
}

}  // namespace otpd
