#pragma once

#include <phonenumbers/phonenumberutil.h>

#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

// libphonenumber asked directly, for tests that compare us with it.
namespace otpd::otp::oracle {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

inline const PhoneNumberUtil& library() {
  return *PhoneNumberUtil::GetInstance();
}

inline std::string format(const PhoneNumber& number,
                          PhoneNumberUtil::PhoneNumberFormat form = PhoneNumberUtil::E164) {
  std::string text;
  library().Format(number, form, &text);
  return text;
}

struct answer {
  std::string address;
  std::string country;
  PhoneNumberUtil::PhoneNumberType type = PhoneNumberUtil::UNKNOWN;
};

// Nothing if `text` is no valid number.
inline std::optional<answer> ask(const std::string& text, const std::string& region = "ZZ") {
  PhoneNumber number;
  if (library().Parse(text, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
  if (!library().IsValidNumber(number)) return std::nullopt;
  answer result{format(number), {}, library().GetNumberType(number)};
  library().GetRegionCodeForNumber(number, &result.country);
  return result;
}

inline bool receives_sms(PhoneNumberUtil::PhoneNumberType type) {
  const std::set<PhoneNumberUtil::PhoneNumberType> kinds{
      PhoneNumberUtil::FIXED_LINE, PhoneNumberUtil::MOBILE, PhoneNumberUtil::FIXED_LINE_OR_MOBILE,
      PhoneNumberUtil::VOIP, PhoneNumberUtil::PERSONAL_NUMBER};
  return kinds.contains(type);
}

struct example {
  std::string region;  // "001" for a global service
  std::string e164;
};

// The library's example numbers of `type`, of all regions that have one.
inline std::vector<example> examples(PhoneNumberUtil::PhoneNumberType type) {
  std::set<std::string> regions;
  library().GetSupportedRegions(&regions);
  std::vector<example> result;
  for (const auto& region : regions) {
    PhoneNumber number;
    if (library().GetExampleNumberForType(region, type, &number)) result.push_back({region, format(number)});
  }
  return result;
}

inline std::vector<example> global_examples() {
  std::set<int> codes;
  library().GetSupportedGlobalNetworkCallingCodes(&codes);
  std::vector<example> result;
  for (const int code : codes) {
    PhoneNumber number;
    if (library().GetExampleNumberForNonGeoEntity(code, &number)) result.push_back({"001", format(number)});
  }
  return result;
}

// Of every region and type, and of the global services.
inline std::vector<example> all_examples() {
  auto result = global_examples();
  for (int type = PhoneNumberUtil::FIXED_LINE; type < PhoneNumberUtil::UNKNOWN; ++type) {
    for (auto& found : examples(static_cast<PhoneNumberUtil::PhoneNumberType>(type)))
      result.push_back(std::move(found));
  }
  return result;
}

using random = std::mt19937_64;

inline std::size_t below(random& seed, std::size_t end) {
  return static_cast<std::size_t>(seed() % end);
}

inline char any_digit(random& seed) {
  return static_cast<char>('0' + below(seed, 10));
}

// `e164` with one to four digits after the first changed, added or removed.
inline std::string mutated(std::string e164, random& seed) {
  for (std::size_t changes = 1 + below(seed, 4); changes > 0 && e164.size() > 3; --changes) {
    const std::size_t at = 2 + below(seed, e164.size() - 2);
    const auto what = below(seed, 10);
    if (what == 0) {
      e164.insert(at, 1, any_digit(seed));
    } else if (what == 1) {
      e164.erase(at, 1);
    } else {
      e164[at] = any_digit(seed);
    }
  }
  return e164;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t effort = 1;
#else
constexpr std::size_t effort = 20;
#endif

}  // namespace otpd::otp::oracle
