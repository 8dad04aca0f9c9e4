#include "accounts_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <optional>

#include "account_sheet.hpp"
#include "account_upload.hpp"

namespace otpd {

namespace {

constexpr int some_refused = 1, bad_data = 65, no_input = 66, no_service = 69, bad_config = 78;

// Where the server with this configuration can be asked; nothing: nowhere.
std::optional<net::url> admin_of(const std::string& listen) {
  const auto colon = listen.rfind(':');
  if (colon == listen.npos) return std::nullopt;
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  net::url out;
  std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), out.port);
  boost::system::error_code ec;
  const auto address = boost::asio::ip::make_address(host, ec);
  if (ec) return std::nullopt;
  if (address.is_unspecified()) host = address.is_v6() ? "::1" : "127.0.0.1";
  out.host = host;
  if (out.port == 0) return std::nullopt;
  return out;
}

std::string check_region(const std::string& text) {
  const bool is_code =
      text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
  return is_code ? std::string() : "a region is two capital letters, such as US";
}

void say(std::FILE* where, const std::string& text) {
  std::fprintf(where, "%s\n", text.c_str());
}

void say_first(const std::vector<std::string>& first, std::size_t count) {
  for (const std::string& each : first)
    say(stderr, each);
  if (count > first.size()) say(stderr, "and " + std::to_string(count - first.size()) + " more");
}

}  // namespace

accounts_command::accounts_command(CLI::App& cli) {
  CLI::App* accounts = cli.add_subcommand("accounts", "The accounts of a running server");
  accounts->require_subcommand(1)->fallthrough();
  import_ = accounts->add_subcommand("import", "Make or change the accounts that a CSV file lists");
  import_->fallthrough();
  import_
      ->add_option("FILE", file_,
                   "CSV with a header; columns phone or phone_number, email, is_phone_verified or "
                   "phone_verified, email_verified")
      ->required();
  import_->add_option("--realm", realm_, "Whose accounts")->capture_default_str();
  import_
      ->add_option("--region", region_,
                   "Where national numbers are at home, such as US; else as the realm's profile has it")
      ->check(check_region);
  import_->add_option("--server", server_,
                      "The administration's address:port; else as the configuration says");
}

bool accounts_command::is_given() const {
  return import_->parsed();
}

std::string accounts_command::region_in(const config& settings) const {
  if (!region_.empty()) return region_;
  const auto fits = [this](const otp::profile& each) {
    return each.realm == realm_ && !each.default_region.empty();
  };
  const auto found = std::ranges::find_if(settings.profiles, fits);
  return found != settings.profiles.end() ? found->default_region : std::string();
}

int accounts_command::run(const config& settings) const {
  const std::string region = region_in(settings);
  std::ifstream in(file_, std::ios::binary);
  std::error_code ignored;
  if (!in || !std::filesystem::is_regular_file(file_, ignored)) {  // it is read twice
    say(stderr, "otpd: cannot read " + file_.string());
    return no_input;
  }
  const sheet_findings found = check_sheet(in, region);
  for (const std::string& each : found.other_columns)
    say(stderr, "note: the column \"" + each + "\" is left alone");
  if (found.fault_count != 0) {
    say_first(found.faults, found.fault_count);
    say(stderr, "otpd: nothing was imported");
    return bad_data;
  }
  return upload(settings, region, found.lines);
}

int accounts_command::upload(const config& settings, const std::string& region, std::size_t lines) const {
  const std::string where = server_.empty() ? settings.server.admin_listen : server_;
  const auto server = admin_of(where);
  if (!server) {
    say(stderr, "otpd: neither server.admin_listen nor --server names an address:port to ask");
    return bad_config;
  }
  std::ifstream in(file_, std::ios::binary);
  account_sheet sheet(in, region);
  account_upload all(*server, realm_);
  const upload_report report = all.run([&sheet]() -> std::optional<account_line> {
    account_line line;
    if (sheet.next(line) != account_sheet::status::line) return std::nullopt;
    return line;
  });
  say_first(report.refusals, report.refused);
  say(stdout,
      std::to_string(report.done) + " made or changed, " + std::to_string(report.refused) + " refused");
  if (!report.failure.empty()) {
    say(stderr, "otpd: " + where + ": " + report.failure + "; not every line was handed over, import again");
    return no_service;
  }
  if (report.done + report.refused != lines) {
    say(stderr, "otpd: the file was changed while it was read; import again");
    return bad_data;
  }
  return report.refused == 0 ? 0 : some_refused;
}

}  // namespace otpd
