#include "otp/phone.hpp"

#include <phonenumbers/logger.h>
#include <phonenumbers/phonemetadata.pb.h>
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

#include <map>
#include <stdexcept>
#include <utility>

#include "otp/numbering_plan.hpp"
#include "otp/phone_spelling.hpp"

// The library exports its embedded metadata (a serialized PhoneMetadataCollection) but no header declares
// them.
namespace i18n::phonenumbers {
int metadata_size();
const void* metadata_get();
}  // namespace i18n::phonenumbers

namespace otpd::otp {
namespace {

namespace lib = i18n::phonenumbers;
using lib::PhoneNumberUtil;

// ---- metadata -> numbering plan

number_kind kind_from(const lib::PhoneNumberDesc& from, bool accepted) {
  const auto& lengths = from.possible_length();
  return {from.national_number_pattern(), {lengths.begin(), lengths.end()}, accepted};
}

numbering_region region_from(const lib::PhoneMetadata& from) {
  numbering_region result{from.id(), from.leading_digits(), kind_from(from.general_desc(), false), {}};
  // The library's order of asking (GetNumberTypeHelper); a number may match several.
  result.kinds = {
      kind_from(from.premium_rate(), false),
      kind_from(from.toll_free(), false),
      kind_from(from.shared_cost(), false),
      kind_from(from.voip(), true),
      kind_from(from.personal_number(), true),
      kind_from(from.pager(), false),
      kind_from(from.uan(), false),
      kind_from(from.voicemail(), false),
      kind_from(from.fixed_line(), true),
  };
  if (!from.same_mobile_and_fixed_line_pattern()) result.kinds.push_back(kind_from(from.mobile(), true));
  return result;
}

numbering_plan plan_from_metadata() {
  lib::PhoneMetadataCollection metadata;
  if (!metadata.ParseFromArray(lib::metadata_get(), lib::metadata_size())) {
    throw std::runtime_error("libphonenumber's metadata are unreadable");
  }
  std::map<int, calling_code> codes;
  for (const auto& from : metadata.metadata()) {
    auto& code = codes[from.country_code()];
    const bool is_main = code.regions.empty() || from.main_country_for_code();
    if (is_main) {
      code.digits = std::to_string(from.country_code());
      code.national_prefix = from.national_prefix_for_parsing();
    }
    code.regions.insert(is_main ? code.regions.begin() : code.regions.end(), region_from(from));
  }
  std::vector<calling_code> list;
  for (auto& [digits, code] : codes)
    list.push_back(std::move(code));
  return numbering_plan(list);
}

// ---- the library

class phone_library {
 public:
  // One for the process, as the library's own instance is.
  static const phone_library& instance() {
    static const phone_library only;
    return only;
  }

  const numbering_plan& plan() const { return plan_; }

  // `digits` has only digits and perhaps a '+' in front.
  std::optional<recipient> parse(const std::string& digits, const std::string& region, numbers taken) const;

 private:
  phone_library() : util_(*PhoneNumberUtil::GetInstance()), plan_(plan_from_metadata()) {
    // The default one prints on standard output, with the number in it. The library takes ownership.
    PhoneNumberUtil::GetInstance()->SetLogger(new lib::NullLogger);
  }

  const PhoneNumberUtil& util_;
  numbering_plan plan_;
};

bool is_accepted(PhoneNumberUtil::PhoneNumberType type) {
  switch (type) {
    case PhoneNumberUtil::FIXED_LINE:
    case PhoneNumberUtil::MOBILE:
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE:
    case PhoneNumberUtil::VOIP:
    case PhoneNumberUtil::PERSONAL_NUMBER:
      return true;
    default:
      return false;
  }
}

std::optional<recipient> phone_library::parse(const std::string& digits, const std::string& region,
                                              numbers taken) const {
  lib::PhoneNumber number;
  if (util_.Parse(digits, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
  const bool is_valid = util_.IsValidNumber(number);
  if (is_valid && !is_accepted(util_.GetNumberType(number))) return std::nullopt;
  if (!is_valid && (taken == numbers::valid || !util_.IsPossibleNumber(number))) return std::nullopt;
  recipient result;
  util_.Format(number, PhoneNumberUtil::E164, &result.address);
  if (result.address.size() < 8 || result.address.size() > 16) return std::nullopt;
  if (is_valid)
    util_.GetRegionCodeForNumber(number, &result.country);
  else
    util_.GetRegionCodeForCountryCode(number.country_code(), &result.country);
  result.mailbox = result.address;
  return result;
}

recipient certain(std::string_view address, std::string_view country) {
  return {channel::sms, std::string(address), std::string(address), std::string(country)};
}

// A number with '+' means the same in every region.
constexpr std::string_view no_region = "ZZ";

// The library may strip one more prefix when it is asked for its own answer (Mexico's 01 1, for one). Then
// the limit key would depend on the spelling: follow it to an address that it leaves alone.
std::optional<recipient> parse_settled(const phone_library& phones, std::string digits, std::string region,
                                       numbers taken) {
  constexpr int max_rounds = 4;
  for (int round = 0; round < max_rounds; ++round) {
    auto found = phones.parse(digits, region, taken);
    if (!found || found->address == digits || phones.plan().country_of(found->address)) return found;
    digits = std::move(found->address);
    region = no_region;
  }
  return std::nullopt;
}

}  // namespace

boost::system::result<recipient> parse_phone(std::string_view text, std::string_view default_region,
                                             numbers taken) {
  const auto& phones = phone_library::instance();
  if (const auto country = phones.plan().country_of(text)) return certain(text, *country);

  auto digits = phone_digits(text);
  if (!digits) return errc::invalid_recipient;
  const bool is_international = digits->front() == '+';
  if (is_international) {
    if (const auto country = phones.plan().country_of(*digits)) return certain(*digits, *country);
  } else if (default_region.empty()) {
    return errc::invalid_recipient;
  }
  std::string region(is_international ? no_region : default_region);
  auto found = parse_settled(phones, *std::move(digits), std::move(region), taken);
  if (!found) return errc::invalid_recipient;
  return *std::move(found);
}

std::optional<std::string_view> country_of_certain_phone(std::string_view text) {
  return phone_library::instance().plan().country_of(text);
}

void prepare_phones() {
  static_cast<void>(phone_library::instance());
}

phone_table_figures describe_phone_table() {
  const auto& plan = phone_library::instance().plan();
  return {plan.nodes(), plan.bytes(), plan.left_out()};
}

}  // namespace otpd::otp
