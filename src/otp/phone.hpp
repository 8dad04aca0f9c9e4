#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "otp/error.hpp"
#include "otp/recipient.hpp"

namespace otpd::otp {

// Phone numbers, by libphonenumber and its metadata. It costs 7 us a number, so its metadata are compiled
// into a table that knows the numbers which it would leave as they are; all other numbers go to the library.
// All functions are safe to call from any thread; the first call of any of them builds the table (about 25
// ms), the others wait for it.

// `text` as a recipient with an E.164 address of 7 to 15 digits. `default_region` is an ISO 3166 code in
// capitals, or empty; then `text` must begin with '+'. Which spellings are read: phone_digits(); a "tel:" URI
// is not: who can write a URI can write E.164. All spellings of a number give the same address, and an
// address gives itself.
//
// Fails with errc::invalid_recipient if the number is not valid in its country, or of a
// kind that cannot receive an SMS or that makes the sender pay for it: premium rate, toll-free, shared cost,
// universal access ("company"), voicemail, pager. Accepted kinds: mobile, fixed line (some receive SMS, and
// many plans do not tell it from mobile), VoIP, personal number.
// With numbers::possible an unassigned number is taken too if its country has numbers of its length; then
// nothing is known of its kind.
[[nodiscard]] boost::system::result<recipient> parse_phone(std::string_view text,
                                                           std::string_view default_region,
                                                           numbers taken = numbers::valid);

// The country of `text` if the table knows it as an address that parse_phone() returns unchanged. Nothing
// otherwise, also if it is valid. The view lives for ever.
[[nodiscard]] std::optional<std::string_view> country_of_certain_phone(std::string_view text);

// Builds the table now. For program start, so that no request pays for it.
void prepare_phones();

struct phone_table_figures {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
  std::vector<std::string> left_out;  // calling codes whose numbers all go to the library
};
[[nodiscard]] phone_table_figures describe_phone_table();

}  // namespace otpd::otp
