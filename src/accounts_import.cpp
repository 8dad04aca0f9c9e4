#include "accounts_import.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <optional>
#include <ostream>
#include <vector>

#include "csv_reader.hpp"
#include "json/writer.hpp"
#include "net/ascii.hpp"
#include "net/http_client.hpp"
#include "otp/recipient.hpp"

namespace otpd {

namespace {

namespace asio = boost::asio;

constexpr std::size_t parallel = 32;
constexpr std::size_t most_complaints = 20;
constexpr std::size_t most_lines = 1'000'000;

enum exit_code {
  done = 0,
  some_refused = 1,
  bad_data = 65,
  no_input = 66,
  unavailable = 69,
  bad_config = 78
};

// Which column of the file says what.
struct columns {
  std::optional<std::size_t> phone, email, phone_verified, email_verified;
};

std::optional<columns> columns_of(const std::vector<std::string>& header, std::ostream& said) {
  columns out;
  std::string others;
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::string name = header[i];
    std::ranges::transform(name, name.begin(), net::to_lower);
    if (name == "phone" || name == "phone_number") {
      out.phone = i;
    } else if (name == "email") {
      out.email = i;
    } else if (name == "phone_verified" || name == "is_phone_verified") {
      out.phone_verified = i;
    } else if (name == "email_verified" || name == "is_email_verified") {
      out.email_verified = i;
    } else {
      others += (others.empty() ? "" : ", ") + header[i];
    }
  }
  if (!others.empty()) said << "left alone: " << others << "\n";
  if (!out.phone && !out.email) return std::nullopt;
  return out;
}

// What a line says; a fault, or a call's body.
struct entry {
  std::string body;
  std::string fault;
};

std::optional<bool> truth(std::string text) {
  std::ranges::transform(text, text.begin(), net::to_lower);
  if (text == "true" || text == "1" || text == "yes" || text == "t") return true;
  if (text == "false" || text == "0" || text == "no" || text == "f" || text.empty()) return false;
  return std::nullopt;
}

entry entry_of(const std::vector<std::string>& line, std::size_t width, const columns& at,
               const accounts_import& what) {
  entry out;
  if (line.size() != width) {
    out.fault = "has " + std::to_string(line.size()) + " fields, the header has " + std::to_string(width);
    return out;
  }
  json::writer json(out.body);
  json.text("realm", what.realm);
  bool has_address = false;
  const auto address = [&](std::optional<std::size_t> column, std::string_view name, otp::channel channel) {
    if (!column || line[*column].empty()) return;
    const auto parsed = otp::parse_recipient(line[*column], what.region, otp::numbers::possible);
    if (!parsed || parsed->channel != channel) {
      out.fault = "has no valid " + std::string(name);
      return;
    }
    json.text(name, parsed->address);
    has_address = true;
  };
  const auto flag = [&](std::optional<std::size_t> column, std::string_view name) {
    if (!column) return;
    if (const auto is_true = truth(line[*column])) {
      json.boolean(name, *is_true);
    } else {
      out.fault = "has a " + std::string(name) + " that is neither true nor false";
    }
  };
  address(at.phone, "phone", otp::channel::sms);
  address(at.email, "email", otp::channel::email);
  flag(at.phone_verified, "phone_verified");
  flag(at.email_verified, "email_verified");
  if (out.fault.empty() && !has_address) out.fault = "has no address";
  json.end();
  return out;
}

// Hands every line to `take(line number, body)` until it says false. The exit code of what is wrong with the
// file itself.
template <class Take>
int read_lines(const accounts_import& what, std::ostream& said, std::ostream& complaints, Take take) {
  std::ifstream in(what.file, std::ios::binary);
  if (!in) {
    complaints << what.file << ": cannot be read\n";
    return no_input;
  }
  csv_reader reader(in);
  std::vector<std::string> line;
  const bool has_header = reader.next(line);
  const auto at = has_header ? columns_of(line, said) : std::nullopt;
  if (!at) {
    complaints << what.file << ":1: the header names neither phone nor email\n";
    return bad_data;
  }
  const std::size_t width = line.size();
  std::size_t faults = 0, lines = 0;
  while (faults < most_complaints && reader.next(line)) {
    const entry one = entry_of(line, width, *at, what);
    if (!one.fault.empty() || ++lines > most_lines) {
      ++faults;
      complaints << what.file << ":" << reader.line() << ": "
                 << (one.fault.empty() ? "is one of more than 1000000 lines" : one.fault) << "\n";
    } else if (!take(reader.line(), one.body)) {
      break;
    }
  }
  if (!reader.fault().empty()) {
    ++faults;
    complaints << what.file << ":" << reader.line() << ": " << reader.fault() << "\n";
  }
  return faults == 0 ? done : bad_data;
}

// Calls the server for a batch of lines, side by side.
class caller {
 public:
  caller(const accounts_import& what, std::string server, std::ostream& complaints)
      : what_(what), server_(std::move(server)), complaints_(complaints), client_(loop_.get_executor()) {}

  // False: no server answers.
  [[nodiscard]] bool add(std::size_t line, std::string body) {
    batch_.push_back({line, std::move(body)});
    return batch_.size() < parallel || flush();
  }
  [[nodiscard]] bool flush() {
    for (const pending& each : batch_) {
      ++running_;
      asio::co_spawn(loop_, call(each), asio::detached);
    }
    loop_.restart();
    while (running_ != 0 && loop_.run_one() != 0) {
    }
    batch_.clear();
    return is_answered_;
  }
  [[nodiscard]] std::size_t imported() const { return imported_; }
  [[nodiscard]] std::size_t refused() const { return refused_; }

 private:
  struct pending {
    std::size_t line;
    std::string body;
  };

  task<void> call(pending one) {
    net::http_call request;
    request.url = *net::parse_url("http://" + server_ + "/accounts");
    request.max_connections = parallel;
    static_cast<void>(request.add_field("Content-Type", "application/json"));
    request.body = std::move(one.body);
    const auto answer = co_await client_.send(std::move(request));
    --running_;
    if (answer.has_error()) {
      is_answered_ = false;
    } else if (answer->status == 200) {
      ++imported_;
    } else {
      ++refused_;
      complaints_ << what_.file << ":" << one.line << ": refused with " << answer->status << "\n";
    }
  }

  const accounts_import& what_;
  std::string server_;
  std::ostream& complaints_;
  asio::io_context loop_;
  net::http_client client_;
  std::vector<pending> batch_;
  std::size_t running_ = 0;
  std::size_t imported_ = 0;
  std::size_t refused_ = 0;
  bool is_answered_ = true;
};

}  // namespace

int import_accounts(const accounts_import& what, const config& settings, std::ostream& said,
                    std::ostream& complaints) {
  const std::string server = what.server.empty() ? settings.server.admin_listen : what.server;
  if (server.empty() || !net::parse_url("http://" + server + "/")) {
    complaints << "no administration to call: server.admin_listen is empty, or --server is no address:port\n";
    return bad_config;
  }
  std::ofstream nowhere;
  const auto any = [](std::size_t, const std::string&) { return true; };
  if (const int wrong = read_lines(what, said, complaints, any); wrong != done) return wrong;
  caller calls(what, server, complaints);
  const auto post = [&calls](std::size_t line, std::string body) { return calls.add(line, std::move(body)); };
  static_cast<void>(read_lines(what, nowhere, complaints, post));
  if (!calls.flush()) {
    complaints << "no otpd answers at " << server << "; " << calls.imported() << " were imported before\n";
    return unavailable;
  }
  said << calls.imported() << " imported into realm " << what.realm << ", " << calls.refused()
       << " refused\n";
  return calls.refused() == 0 ? done : some_refused;
}

}  // namespace otpd
