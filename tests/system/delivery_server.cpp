#include "system/delivery_server.hpp"

#include <cctype>
#include <fstream>
#include <stdexcept>

namespace otpd::test {

namespace {

std::string line(std::string_view key, std::string_view value) {
  return std::string(key).append(" = \"").append(value).append("\"\n");
}

std::vector<std::string> secrets() {
  const auto with = [](std::string_view name, std::string_view value) {
    return std::string(name).append("=").append(value);
  };
  return {with("TWILIO_AUTH_TOKEN", twilio_token),
          with("VONAGE_API_SECRET", vonage_secret),
          with("VONAGE_SIGNATURE_SECRET", vonage_signing),
          with("MSHASTRA_PASSWORD", mshastra_password),
          with("GATEWAY_PASSWORD", gateway_password),
          with("GATEWAY_TOKEN", gateway_token),
          with("GATEWAY_SECRET", gateway_secret),
          with("WEBHOOK_SECRET", webhook_secret),
          with("OLDER_WEBHOOK_SECRET", older_webhook_secret),
          with("MAIL_PASSWORD", mail_password)};
}

}  // namespace

std::string lines_of(std::string_view vendor) {
  std::string out = line("type", vendor);
  if (vendor == "twilio") {
    out += line("account_sid", twilio_sid) + line("from", "+15005550006") +
           "auth_token = {env = \"TWILIO_AUTH_TOKEN\"}\n";
  } else if (vendor == "vonage") {
    out += line("api_key", "abcd1234") + line("from", "Example") +
           "api_secret = {env = \"VONAGE_API_SECRET\"}\n";
  } else if (vendor == "mshastra") {
    out +=
        line("user", "20091234") + line("sender", "Example") + "password = {env = \"MSHASTRA_PASSWORD\"}\n";
  } else if (vendor == "http") {
    out += "body = '{\"to\":\"{to}\",\"text\":\"{text}\",\"from\":\"{from}\",\"ref\":\"{reference}\"}'\n" +
           line("from", "Example") + line("success_json_pointer", "/status") +
           line("success_json_value", "ok");
  }
  return out;
}

std::string delivery_server::ca_file() const {
  return (x_directory.path() / "authority.pem").string();
}

void delivery_server::provider(const std::string& name, const std::string& lines) {
  x_providers += "[providers." + name + "]\n" + line("ca_file", ca_file()) + lines;
}

void delivery_server::provider(const std::string& name, std::string_view vendor, const std::string& url,
                               const std::string& lines) {
  provider(name, lines_of(vendor) + line("url", url) + lines);
}

void delivery_server::route(const std::string& prefix, const std::vector<std::string>& providers,
                            const std::string& from, const std::string& channel) {
  x_routes += "[[delivery.routes]]\n" + line("channel", channel);
  if (!prefix.empty()) x_routes += line("prefix", prefix);
  if (!from.empty()) x_routes += line("from", from);
  x_routes += "providers = [";
  for (const std::string& each : providers)
    x_routes += "\"" + each + "\", ";
  x_routes += "]\n";
}

void delivery_server::start() {
  std::ofstream(ca_file()) << x_trusted.certificate();
  configuration settings;
  // What the configuration says last is [delivery], which this goes on with.
  settings.tables = x_delivery + x_routes + x_providers;
  launch how;
  how.environment = secrets();
  x_process = std::make_unique<otpd_process>(x_directory.path(), settings, how);
  if (!x_process->serves()) throw std::runtime_error("otpd does not start: " + x_process->log());
}

http_answer delivery_server::resend(std::string_view id) const {
  return ask(port(), http_request("POST", "/v1/verifications/" + std::string(id) + "/resend", "{}"));
}

std::string delivery_server::delivery_of(std::string_view id) const {
  return ask(port(), read_request(id)).text("delivery");
}

double delivery_server::attempts(const std::string& provider, std::string_view outcome) const {
  return number("otpd_send_attempts_total{provider=\"" + provider + "\",outcome=\"" + std::string(outcome) +
                "\"}");
}

std::string code_in(std::string_view text) {
  std::string found;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])))
      ++end;
    if (end - i == 6 && !found.empty()) return {};
    if (end - i == 6) found = text.substr(i, 6);
    i = end + 1;
  }
  return found;
}

}  // namespace otpd::test
