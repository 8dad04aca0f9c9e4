#include "account_sheet.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "auth/account_vault.hpp"
#include "otp/email.hpp"
#include "otp/phone.hpp"
#include "otp/written_text.hpp"

namespace otpd {

namespace {

// "TRUE", "f", "1": as databases and spreadsheets write it.
std::optional<bool> truth_of(std::string_view text) {
  constexpr std::array<std::string_view, 4> yes{"true", "t", "yes", "1"}, no{"false", "f", "no", "0"};
  const std::string folded = auth::folded_address(text);
  if (std::ranges::find(yes, folded) != yes.end()) return true;
  if (std::ranges::find(no, folded) != no.end()) return false;
  return std::nullopt;
}

}  // namespace

account_sheet::account_sheet(std::istream& in, std::string region)
    : reader_(in), region_(std::move(region)) {}

bool account_sheet::fail(const std::string& what) {
  fault_ = "line " + std::to_string(std::max<std::size_t>(reader_.line(), 1)) + ": " + what;
  return false;
}

bool account_sheet::read_header() {
  constexpr std::pair<std::string_view, column> known[] = {{"phone", column::phone},
                                                           {"phone_number", column::phone},
                                                           {"email", column::email},
                                                           {"is_phone_verified", column::phone_verified},
                                                           {"phone_verified", column::phone_verified},
                                                           {"is_email_verified", column::email_verified},
                                                           {"email_verified", column::email_verified}};
  const auto read = reader_.next(fields_);
  if (read == csv_reader::status::end) return fail("the file is empty");
  if (read != csv_reader::status::record) return fail(to_text(read));
  for (const std::string& each : fields_) {
    const std::string name = auth::folded_address(otp::strip(each));
    const auto found = std::ranges::find(known, name, &std::pair<std::string_view, column>::first);
    const column what = found != std::end(known) ? found->second : column::other;
    if (what == column::other) others_.emplace_back(otp::strip(each));
    if (what != column::other && std::ranges::find(columns_, what) != columns_.end())
      return fail("there are two columns like " + name);
    columns_.push_back(what);
  }
  const bool has_address = std::ranges::find(columns_, column::phone) != columns_.end() ||
                           std::ranges::find(columns_, column::email) != columns_.end();
  return has_address || fail("no column is called phone, phone_number or email");
}

bool account_sheet::read_field(column what, const std::string& field, account_line& into) {
  const std::string_view text = otp::strip(field);
  if (text.empty() || what == column::other) return true;
  if (what == column::phone) {
    const auto read = otp::parse_phone(text, region_, otp::numbers::possible);
    if (read.has_error()) {
      return fail("this is no phone number" +
                  std::string(region_.empty() ? " (national ones need --region)" : ""));
    }
    into.phone = read->address;
    return true;
  }
  if (what == column::email) {
    const auto read = otp::parse_email(text);
    if (read.has_error()) return fail("this is no e-mail address");
    into.email = read->address;
    return true;
  }
  const auto truth = truth_of(text);
  if (!truth) return fail("whether an address is verified is said as true or false");
  (what == column::phone_verified ? into.phone_verified : into.email_verified) = truth;
  return true;
}

bool account_sheet::read_line(account_line& into) {
  into = account_line{};
  into.number = reader_.line();
  if (fields_.size() != columns_.size()) {
    return fail("it has " + std::to_string(fields_.size()) + " fields where the header has " +
                std::to_string(columns_.size()));
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (!read_field(columns_[i], fields_[i], into)) return false;
  }
  return !into.phone.empty() || !into.email.empty() ||
         fail("there is neither a phone number nor an e-mail address");
}

account_sheet::status account_sheet::next(account_line& into) {
  if (columns_.empty() && !read_header()) return status::unreadable;
  const auto read = reader_.next(fields_);
  if (read == csv_reader::status::end) return status::end;
  if (read != csv_reader::status::record) {
    static_cast<void>(fail(to_text(read)));
    return status::unreadable;
  }
  if (++lines_ > max_lines) {
    static_cast<void>(fail("a file has at most 1,000,000 lines"));
    return status::unreadable;
  }
  return read_line(into) ? status::line : status::wrong_line;
}

sheet_findings check_sheet(std::istream& in, const std::string& region) {
  sheet_findings out;
  const auto note = [&out](std::string fault) {
    if (++out.fault_count <= sheet_findings::most_told) out.faults.push_back(std::move(fault));
  };
  account_sheet sheet(in, region);
  account_line line;
  // 16 bytes for each address, whatever its length.
  std::vector<std::pair<std::size_t, std::size_t>> addresses;
  for (;;) {
    const auto read = sheet.next(line);
    if (read == account_sheet::status::wrong_line || read == account_sheet::status::unreadable)
      note(sheet.fault());
    if (read == account_sheet::status::end || read == account_sheet::status::unreadable) break;
    ++out.lines;
    if (read == account_sheet::status::wrong_line) continue;
    for (const std::string* each : {&line.phone, &line.email}) {
      if (!each->empty())
        addresses.emplace_back(std::hash<std::string>{}(auth::folded_address(*each)), line.number);
    }
  }
  std::ranges::sort(addresses);
  for (std::size_t i = 1; i < addresses.size(); ++i) {
    if (addresses[i].first != addresses[i - 1].first) continue;
    note("line " + std::to_string(addresses[i].second) + ": it has an address of line " +
         std::to_string(addresses[i - 1].second));
  }
  out.other_columns = sheet.other_columns();
  return out;
}

}  // namespace otpd
