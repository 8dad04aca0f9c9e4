#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "otp/profile.hpp"
#include "sms/autofill.hpp"
#include "sms/pattern.hpp"

namespace otpd::sms {

// What a message is to say, and to whom its text is written.
struct message_request {
  otp::channel channel = otp::channel::sms;
  std::string_view purpose;
  std::string_view locale;          // BCP 47; empty: the profile's
  std::string_view code;            // 1..16 ASCII letters and digits
  std::chrono::seconds lifetime{};  // what is left; becomes whole minutes, rounded up, at least 1
  std::span<const otp::message_value> parameters;
};

// A message in words. It carries the code: whoever holds it wipes it.
struct message_content {
  std::string text;     // UTF-8, lines end with LF, none after the last
  std::string subject;  // of an e-mail: one line of UTF-8; else empty
  std::string html;     // of an e-mail: the text once more, values escaped; may be empty
};

// All texts of a profile, taken apart and checked once. Immutable, shared by every loop; no view of the
// profile.
//
// Which text is taken: those for the request's channel go before those for every channel; among them those
// for its purpose before those for every purpose; among them, by locale: the request's, as it is and then
// without its last subtags ("pt-BR", "pt"); the profile's, likewise; those for every locale. Letters of
// locales match in either case. profile::message is the text for every channel, purpose and locale.
class message_book {
 public:
  // Throws std::invalid_argument if a text or the parameters have a fault (message_rules.hpp), two texts are
  // for the same, the app's name is not is_allowed_name() (or empty, and used), or the autofill lines are
  // malformed or both asked for.
  explicit message_book(const otp::profile& of);

  // Whether a message can be rendered with these values. Nothing for the channel: by each of the profile's.
  // To be asked before anything is charged. Does not allocate.
  [[nodiscard]] otp::parameter_verdict accepts(std::optional<otp::channel> channel, std::string_view purpose,
                                               std::string_view locale,
                                               std::span<const otp::message_value> values) const noexcept;

  // Fails with errc::invalid_argument unless the code is one and accepts() finds nothing.
  [[nodiscard]] boost::system::result<message_content> render(const message_request& request) const;

 private:
  struct page {
    std::optional<otp::channel> channel;
    std::string purpose;
    std::string locale;
    pattern text;
    pattern subject;
    pattern html;
  };

  void add(const otp::message_text& from, std::string_view what);
  [[nodiscard]] const page& choose(otp::channel channel, std::string_view purpose,
                                   std::string_view locale) const noexcept;
  [[nodiscard]] std::string_view missing_in(const page& of, otp::channel channel,
                                            std::span<const otp::message_value> values) const noexcept;

  std::string app_;
  std::string locale_;
  std::vector<otp::channel> channels_;
  std::vector<otp::message_parameter> parameters_;
  autofill autofill_;
  std::vector<page> pages_;  // profile::message first
};

}  // namespace otpd::sms
